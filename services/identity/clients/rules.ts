/**
 * Which applications may ask who somebody is, and where their answers may go. The portal is known by the settings; every
 * other one is a row whose secret is sealed, because the engine must compare it.
 */
import type { Chance } from '@althing/kernel/context'
import { fromUtf8, openBox, sealBox, utf8 } from '@althing/kernel/crypto'
import type { Secret } from '@althing/kernel/config'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import { judge, type Refusal } from './judge.ts'
import { policies, type Policy } from './policies.ts'
import { ClientMetadata, PolicyName, portalClient, type ClientWords } from './schema.ts'
import type { ClientStore } from './store.ts'

interface Needs {
  readonly url: string
  readonly portalSecret: Secret
  readonly chance: Chance
  readonly sealingKey: Uint8Array
  /** The algorithms that we have a key for. */
  readonly signs: readonly string[]
  readonly store: ClientStore
  readonly atomically: Atomically<{
    readonly store: ClientStore
    readonly record: (entry: AuditEntry) => Promise<void>
  }>
}

/** As the engine reads it (RFC 7591, section 2). */
export type Registered = Omit<ClientMetadata, 'response_types'> & {
  response_types?: 'code'[] | undefined
  client_id: string
  client_name: string
  client_secret?: string
}

export function createClients({ url, portalSecret, chance, sealingKey, signs, store, atomically }: Needs) {
  const portal: Registered = {
    ...ClientMetadata.parse({}),
    client_id: portalClient,
    client_name: 'Althing',
    client_secret: portalSecret.reveal(),
    redirect_uris: [`${url}/session/callback`],
    post_logout_redirect_uris: [`${url}/`],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'RS256',
    scope: 'openid profile email offline_access',
  }

  async function find(id: string): Promise<Registered | null> {
    if (id === portalClient) return portal
    if (!isClientId(id)) return null
    const client = await store.byId(id)
    if (client === null) return null
    const secret = client.sealed === null ? null : openBox(sealingKey, client.sealed, utf8(id))
    return {
      ...client.metadata,
      response_types: client.metadata.grant_types.includes('authorization_code') ? ['code'] : [],
      client_id: id,
      client_name: client.name,
      ...(secret === null ? {} : { client_secret: fromUtf8(secret) }),
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
  ): Promise<{ secret: string | null } | null> {
    const metadata = judged(words, signs)
    const secret = hasSecret(metadata) ? Buffer.from(chance.bytes(32)).toString('base64url') : null
    const sealed = secret === null ? null : sealBox(sealingKey, utf8(secret), utf8(id), chance)
    return atomically(async ({ store: own, record }) => {
      if (id === portalClient || !isClientId(id) || !(await own.add({ id, name, sealed, metadata })))
        return null
      await record({ action: 'clients.registered', actor, target: { type: 'Client', id }, outcome: 'done' })
      return { secret }
    })
  }

  return {
    find,
    register,
    list: () => store.list(),
    isFirstParty: (id: string) => id === portalClient,
  }
}

/** What the engine asks of an application that it has in its hand. Who says nothing of it is held to the default. */
export function policyOf(name: unknown): Policy {
  const known = PolicyName.safeParse(name)
  return policies[known.success ? known.data : 'oauth-2.1']
}

/** @throws Fault identity.clients.metadata */
function judged(words: ClientWords, signs: readonly string[]): ClientMetadata {
  const read = ClientMetadata.safeParse(words)
  if (!read.success)
    throw refused(read.error.issues.map(({ path, message }) => ({ field: path.join('/'), why: message })))
  const refusals = judge(read.data, signs)
  if (refusals.length > 0) throw refused(refusals)
  return read.data
}

const refused = (refusals: readonly Refusal[]) =>
  fault.metadata(undefined, {
    fields: refusals.map(({ field, why }) => ({ pointer: `/${field}`, message: why })),
  })

const hasSecret = ({ token_endpoint_auth_method: method }: ClientMetadata): boolean =>
  method === 'client_secret_basic' || method === 'client_secret_post'

/** RFC 6749, appendix A.1. What else a stranger sends is no id, and not the database's to refuse. */
const isClientId = (id: string): boolean => /^[\x20-\x7e]{1,100}$/.test(id)

export type Clients = ReturnType<typeof createClients>
