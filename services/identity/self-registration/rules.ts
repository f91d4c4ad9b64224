/**
 * An application registers itself (RFC 7591), by a word that an operator gave it, and looks after itself by another one that it got
 * (RFC 7592). What it says is judged as what an operator says; it stays a stranger, who asks people anew in every session.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Chance, Ids } from '@althing/kernel/context'
import { sha256, utf8 } from '@althing/kernel/crypto'
import type { Atomically } from '@althing/kernel/service'
import { timingSafeEqual } from 'node:crypto'
import { fault } from './faults.ts'
import { SaidName, type RegistrationToken, type Said, type WishedToken } from './schema.ts'
import type { Registration, SelfRegistrationStore } from './store.ts'

type Policy = RegistrationToken['policy']

/** What was judged right, in the shape of whoever judged it. */
interface Described<M> {
  readonly id: string
  readonly name: string
  readonly metadata: M
}

interface Known {
  readonly client_name: string
  readonly live_secrets?: readonly { readonly secret: string }[]
}

interface Refusal {
  readonly field: string
  readonly why: string
}

interface Parts<M> {
  readonly store: SelfRegistrationStore
  /** Null when the id is taken. */
  readonly make: (client: Described<M>, actor: string) => Promise<{ readonly secret: string | null } | null>
  /** Null when it is not there any more. */
  readonly change: (client: Described<M>, actor: string) => Promise<{ readonly secret: string | null } | null>
  readonly remove: (client: string, actor: string) => Promise<boolean>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs<M> {
  readonly url: string
  readonly ids: Ids
  readonly chance: Chance
  readonly store: SelfRegistrationStore
  readonly atomically: Atomically<Parts<M>>
  /** The judge of everybody’s metadata, for one that nobody here has looked at. */
  readonly consider: (
    said: Said,
    policy: Policy,
  ) => Promise<{ readonly metadata: M | null; readonly refusals: readonly Refusal[] }>
  /** Null when there is none, or it was disabled. */
  readonly find: (client: string) => Promise<Known | null>
  /** What may be told of it to itself. */
  readonly shown: (client: Known | Described<M>['metadata']) => Readonly<Record<string, unknown>>
  readonly now: () => Date
  readonly onOutcome: (outcome: Outcome) => void
}

export const outcomes = ['registered', 'changed', 'removed', 'refused'] as const
export type Outcome = (typeof outcomes)[number]

const hashOf = (kind: 'initial' | 'own', token: string): Uint8Array =>
  sha256(utf8(`althing/registration\n${kind}\n${token}`))

export function createSelfRegistration<M extends object>(needs: Needs<M>) {
  const { url, ids, chance, store, atomically, onOutcome } = needs
  const newToken = () => Buffer.from(chance.bytes(32)).toString('base64url')

  async function judged(said: Said, policy: Policy): Promise<M> {
    if (said['software_statement'] !== undefined) throw fault.statement()
    const name = SaidName.optional().safeParse(said['client_name'] ?? undefined)
    const { metadata, refusals } = await needs.consider(said, policy)
    const all = [...(name.success ? [] : [{ field: 'client_name', why: 'is no name' }]), ...refusals]
    const isRedirect = all.some(({ field }) => /^redirect_uris(\/|$)/.test(field))
    if (metadata === null || all.length > 0)
      throw fault[isRedirect ? 'redirect_uri' : 'metadata'](undefined, {
        fields: all.map(({ field, why }) => ({ pointer: `/${field}`, message: why })),
      })
    return metadata
  }

  /**
   * RFC 7591, section 3. A use is counted when it came to something.
   * @param read what is said, which is looked at when the token is known: a stranger has nothing read
   */
  async function register(initial: string | undefined, read: () => Promise<Said>) {
    const token = initial === undefined ? null : await store.usableToken(hashOf('initial', initial))
    if (token === null) throw fault.token()
    const said = await read()
    const metadata = await judged(said, token.policy)
    const own = newToken()
    const id = ids.create('app')
    const name = nameOf(said, id)
    const made = await atomically(async (parts) => {
      if (!(await parts.store.spendToken(token.id))) throw fault.token()
      const client = await parts.make({ id, name, metadata }, `registration:${token.id}`)
      if (client === null) throw fault.request()
      await parts.store.add(id, hashOf('own', own), token.id)
      return client
    })
    onOutcome('registered')
    return answer({ id, name, metadata }, needs.now(), own, made.secret)
  }

  const answer = (
    { id, name, metadata }: Described<M>,
    since: Date,
    own: string,
    secret: string | null,
  ): Record<string, unknown> => ({
    ...needs.shown(metadata),
    client_id: id,
    client_name: name,
    client_id_issued_at: Math.floor(since.getTime() / 1000),
    ...(secret === null ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
    registration_access_token: own,
    registration_client_uri: `${url}/oauth/register/${id}`,
  })

  /** @throws Fault token, for another's client as for one that is not there */
  async function managed(
    client: string,
    own: string | undefined,
  ): Promise<Registration & { known: Known; own: string }> {
    const found = own === undefined ? null : await store.find(client, hashOf('own', own))
    const known = found === null ? null : await needs.find(client)
    if (own === undefined || found === null || known === null) throw fault.token()
    return { ...found, known, own }
  }

  /** RFC 7592, section 2.1. The secret was shown once, and is not again. */
  async function read(client: string, own: string | undefined) {
    const { known, registeredAt, own: token } = await managed(client, own)
    return {
      ...answer({ id: client, name: known.client_name, metadata: {} as M }, registeredAt, token, null),
      ...needs.shown(known),
    }
  }

  /** RFC 7592, section 2.2: everything is said anew; what is not said is not so any more. */
  async function replace(client: string, own: string | undefined, read: () => Promise<Said>) {
    const { known, policy, registeredAt, own: token } = await managed(client, own)
    const said = await read()
    const forbidden = notInUpdate.filter((field) => said[field] !== undefined)
    if (forbidden.length > 0 || said['client_id'] !== client || !isOwnSecret(said['client_secret'], known))
      throw fault.request(undefined, {
        fields: [...forbidden, ...(forbidden.length > 0 ? [] : ['client_id or client_secret'])].map(
          (field) => ({
            pointer: `/${field}`,
            message: forbidden.length > 0 ? 'must not be in it' : 'must be the one that it has',
          }),
        ),
      })
    const described = { id: client, name: nameOf(said, client), metadata: await judged(said, policy) }
    const changed = await atomically((parts) => parts.change(described, `client:${client}`))
    if (changed === null) throw fault.token()
    onOutcome('changed')
    return answer(described, registeredAt, token, changed.secret)
  }

  /** RFC 7592, section 2.3: it goes, with everything that people gave it. */
  async function remove(client: string, own: string | undefined): Promise<void> {
    await managed(client, own)
    await atomically((parts) => parts.remove(client, `client:${client}`))
    onOutcome('removed')
  }

  async function createToken(wished: WishedToken, actor: string) {
    const [id, token] = [ids.create('rgt'), newToken()]
    await atomically(async (parts) => {
      await parts.store.addToken(id, hashOf('initial', token), wished, actor)
      await parts.record(entryOf('self-registration.token-made', id, actor))
    })
    return { id, token }
  }

  async function revokeToken(id: string, actor: string): Promise<boolean> {
    return atomically(async (parts) => {
      if (!(await parts.store.revokeToken(id))) return false
      await parts.record(entryOf('self-registration.token-revoked', id, actor))
      return true
    })
  }

  return {
    register,
    read,
    replace,
    remove,
    createToken,
    revokeToken,
    listTokens: store.listTokens,
    onOutcome,
  }
}
export type SelfRegistration = ReturnType<typeof createSelfRegistration>

const notInUpdate = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

const nameOf = (said: Said, id: string): string => SaidName.catch(id).parse(said['client_name'])

function isOwnSecret(said: unknown, { live_secrets: live = [] }: Known): boolean {
  if (said === undefined) return true
  const hash = (text: string) => sha256(utf8(text))
  return typeof said === 'string' && live.some(({ secret }) => timingSafeEqual(hash(secret), hash(said)))
}

const entryOf = (action: string, id: string, actor: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'RegistrationToken', id },
  outcome: 'done',
})
