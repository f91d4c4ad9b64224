/**
 * Which applications may ask who somebody is, and where their answers may go. The portal is known by the settings; every
 * other one is a row whose secrets are sealed, because the engine must compare them. Two live at once, so that one can take the
 * place of the other while both are in use.
 */
import type { Chance, Clock } from '@althing/kernel/context'
import { fromUtf8, openBox, utf8 } from '@althing/kernel/crypto'
import { plainly } from '@althing/kernel/errors/plainly.ts'
import type { Secret } from '@althing/kernel/config'
import { fault } from './faults.ts'
import { judge, type Refusal } from './judge.ts'
import { unknownServers, type Known } from './servers.ts'
import { hasSecret } from './kinds.ts'
import { policies, type Policy } from './policies.ts'
import {
  ClientMetadata,
  grantTypes,
  PolicyName,
  portalClient,
  programsClient,
  type ClientWords,
  type UsableClient,
} from './schema.ts'
import type { ClientStore } from './store.ts'
import { sealedSecret, type Writing } from './writing.ts'

interface Needs extends Judging {
  readonly url: string
  readonly portalSecret: Secret
  readonly clock: Clock
  readonly chance: Chance
  readonly sealingKey: Uint8Array
  readonly store: ClientStore
  readonly write: Writing
}

/** What decides whether an application may be as it says. */
export interface Judging {
  /** The algorithms that we have a key for. */
  readonly signs: readonly string[]
  /** The scopes that say something here. */
  readonly scopes: readonly string[]
  /** Of an address that we will call. @throws Fault kernel.egress.address */
  readonly checkAddress: (url: string) => void
}

interface LiveSecret {
  readonly id: string
  readonly secret: string
}

/** As the engine reads it (RFC 7591, section 2). */
export type Registered = Omit<ClientMetadata, 'response_types' | 'scope'> & {
  /** The engine knows no empty one. */
  scope?: string | undefined
  response_types?: 'code'[] | undefined
  client_id: string
  client_name: string
  client_secret?: string
  /** All that it may show, the one above among them. */
  live_secrets?: readonly LiveSecret[]
}

export function createClients(needs: Needs) {
  const { clock, sealingKey, store, write } = needs
  const portal = portalOf(needs)

  /** Null when there is none, when it is disabled, and when it proves itself by a secret and none is left. */
  async function find(id: string): Promise<Registered | null> {
    if (id === portalClient) return portal
    if (id === programsClient) return programs
    if (!isClientId(id)) return null
    const client = await store.usable(id, clock.now())
    if (client === null) return null
    const live = secretsIn(client, sealingKey)
    if (hasSecret(client.metadata) && live.length === 0) return null
    const [first] = live
    return {
      ...registeredAs(client),
      ...(first === undefined ? {} : { client_secret: first.secret, live_secrets: live }),
    }
  }

  /**
   * The secret is answered once and never again. Null when the id is taken.
   * @throws Fault identity.clients.metadata, which names the fields
   */
  async function register(
    id: string,
    name: string,
    words: ClientWords,
    actor: string,
    known?: Known,
  ): Promise<{ secret: string | null } | null> {
    const metadata = judged(words, known === undefined ? needs : { ...needs, known })
    if (id === portalClient || id === programsClient || !isClientId(id)) return null
    return write((parts) => parts.make({ id, name, metadata }, sealedSecret(needs, id, metadata), actor))
  }

  return {
    find,
    register,
    /** Of any that there is, also one that is disabled: people see what they have allowed. */
    nameOf: async (id: string): Promise<string | undefined> => (await store.byId(id))?.name,
    consentOf: async (id: string) => (await find(id))?.consent ?? 'session',
    /** What it says that it needs a kennitala for. */
    nationalIdPurposeOf: async (id: string) => (await find(id))?.national_id_purpose,
    isFirstParty: (id: string) => id === portalClient,
  }
}

/** The key that is shown is the proof; beside that it can do nothing. */
const programs: Registered = {
  ...ClientMetadata.parse({ grant_types: [grantTypes.exchange], token_endpoint_auth_method: 'none' }),
  scope: undefined,
  response_types: [],
  client_id: programsClient,
  client_name: 'Althing',
}

/** In the words of the engine, without any secret. */
export const registeredAs = ({
  id,
  name,
  metadata,
}: Pick<UsableClient, 'id' | 'name' | 'metadata'>): Registered => ({
  ...metadata,
  scope: metadata.scope || undefined,
  response_types: metadata.grant_types.includes('authorization_code') ? ['code'] : [],
  client_id: id,
  client_name: name,
})

function portalOf({ url, portalSecret }: Needs): Registered {
  const secret = portalSecret.reveal()
  return {
    ...ClientMetadata.parse({}),
    client_id: portalClient,
    client_name: 'Althing',
    client_secret: secret,
    live_secrets: [{ id: 'settings', secret }],
    redirect_uris: [`${url}/session/callback`],
    post_logout_redirect_uris: [`${url}/`],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'RS256',
    scope: 'openid profile email offline_access',
  }
}

function secretsIn({ id, secrets, secretIds }: UsableClient, key: Uint8Array): LiveSecret[] {
  return secrets.flatMap((sealed, n) => {
    const opened = openBox(key, sealed, utf8(id))
    return opened === null ? [] : [{ id: secretIds[n] ?? '', secret: fromUtf8(opened) }]
  })
}

/** What the engine asks of an application that it has in its hand. Who says nothing of it is held to the default. */
export function policyOf(name: unknown): Policy {
  const known = PolicyName.safeParse(name)
  return policies[known.success ? known.data : 'oauth-2.1']
}

/** @throws Fault identity.clients.metadata, which names the fields */
export function judged(words: ClientWords, judging: Judging & { readonly known?: Known }): ClientMetadata {
  const { metadata, refusals } = considered(words, judging)
  if (metadata !== null) return metadata
  throw fault.metadata(undefined, {
    fields: refusals.map(({ field, why }) => ({ pointer: `/${field}`, message: why })),
  })
}

/** The same, with an answer for who has many to look at. */
export function considered(
  words: ClientWords,
  { signs, scopes, checkAddress, known }: Judging & { readonly known?: Known },
): { readonly metadata: ClientMetadata | null; readonly refusals: readonly Refusal[] } {
  const read = ClientMetadata.safeParse(words)
  if (!read.success)
    return {
      metadata: null,
      refusals: read.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => ({
              field: [...issue.path, key].join('/'),
              why: 'is no word that is known here',
            }))
          : [{ field: issue.path.join('/'), why: plainly(issue) }],
      ),
    }
  const refusals = [
    ...judge(read.data, signs, scopes),
    ...uncallable(read.data, checkAddress),
    ...(known === undefined ? [] : unknownServers(read.data, known)),
  ]
  return { metadata: refusals.length === 0 ? read.data : null, refusals }
}

/** Whoever names an address that we call chooses where we knock. */
const called = [
  'jwks_uri',
  'sector_identifier_uri',
  'backchannel_logout_uri',
  'backchannel_client_notification_endpoint',
] as const

const uncallable = (said: ClientMetadata, check: (url: string) => void): Refusal[] =>
  called.flatMap((field) => {
    const url = said[field]
    if (url === undefined) return []
    try {
      check(url)
      return []
    } catch {
      return [{ field, why: 'must be https, in the public network, and without a name and password' }]
    }
  })

/** RFC 6749, appendix A.1. What else a stranger sends is no id, and not the database's to refuse. */
const isClientId = (id: string): boolean => /^[\x20-\x7e]{1,100}$/.test(id)

export type Clients = ReturnType<typeof createClients>
