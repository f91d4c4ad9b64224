/**
 * A program of somebody's comes in its own name: it has a kind, an owner and a purpose, and opens what its keys say. Administrators make
 * and end both. Whatever ends one is in the feed of revocations in the same transaction, so that tokens given for it before end too.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock, Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import type { KeyHashing } from './hashing.ts'
import { judgeKey, type Server } from './judge.ts'
import type { Act } from './metrics.ts'
import {
  kinds,
  sessionOf,
  type Key,
  type ServiceIdentity,
  type WishedIdentity,
  type WishedKey,
} from './schema.ts'
import type { ServiceIdentityStore } from './store.ts'

interface Parts {
  readonly store: ServiceIdentityStore
  readonly record: (entry: AuditEntry) => Promise<void>
  /** Into the feed: tokens of this identity with a lower stamp, or of this session, are refused everywhere. */
  readonly revoke: (
    identity: string,
    entry: { readonly stamp: number } | { readonly session: string },
  ) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  /** `id` looks it up, `text` is what is shown. */
  readonly newKey: () => { readonly id: string; readonly secret: string; readonly text: string }
  readonly hashing: KeyHashing
  readonly store: ServiceIdentityStore
  readonly atomically: Atomically<Parts>
  /** By id or address. Null when nobody has it. */
  readonly findPerson: (who: string) => Promise<{ readonly id: string; readonly status: string } | null>
  readonly servers: () => Promise<readonly Server[]>
  readonly counted: (act: Act) => void
}

export interface ShownIdentity extends ServiceIdentity {
  readonly keys: readonly ShownKeyState[]
}
export interface ShownKeyState extends Key {
  readonly state: 'live' | 'over' | 'revoked'
}

/** The key itself: answered once and never again. */
export interface WithKey {
  readonly identity: ShownIdentity
  readonly key: string
}

const [mostLive, dayMs] = [5, 86_400_000]
/** How long two keys may do the same, and how long they do when nothing is said. */
const [overlapDaysAtMost, overlapDays] = [30, 1]
/** What is over is shown for a while. */
const keptDays = 90

export function createServiceIdentities(needs: Needs) {
  const { clock, ids, newKey, hashing, store, atomically, findPerson, servers, counted } = needs

  async function shown(identities: readonly ServiceIdentity[]): Promise<ShownIdentity[]> {
    const keys = await store.keysOf(identities.map(({ id }) => id))
    const now = clock.now()
    return identities.map((one) => ({
      ...one,
      keys: keys
        .filter(({ identity }) => identity === one.id)
        .map((key) => ({ ...key, state: stateOf(key, now) })),
    }))
  }

  const list = async (search: string, after: string, most: number): Promise<ShownIdentity[]> =>
    shown(await store.list(search, after, most))

  /** @throws Fault not_found */
  async function show(id: string): Promise<ShownIdentity> {
    const [one] = await shown([existing(await store.byId(id))])
    return existing(one ?? null)
  }

  /** @throws Fault no_owner */
  async function create({ kind, name, purpose, owner: said }: WishedIdentity, actor: string) {
    const person = said === null ? null : await findPerson(said)
    if (said !== null && person?.status !== 'active')
      throw fault.no_owner(undefined, { fields: [{ pointer: '/owner', message: 'has no open account' }] })
    const id = ids.create('svc')
    const [ownerKind, owner] =
      person === null ? (['organisation', null] as const) : (['person', person.id] as const)
    await atomically(async (parts) => {
      await parts.store.add({ id, kind, name, purpose, ownerKind, owner, madeAt: clock.now() })
      await done(parts, 'created', id, actor)
    })
    return show(id)
  }

  /** Disabled, it opens nothing from the next request on, and what it was given before is refused. @throws Fault not_found */
  async function setDisabled(id: string, isDisabled: boolean, actor: string): Promise<ShownIdentity> {
    await atomically(async (parts) => {
      existing(await parts.store.locked(id))
      const stamp = await parts.store.setDisabled(id, isDisabled, clock.now())
      if (stamp === null) return
      if (isDisabled) await parts.revoke(id, { stamp })
      await done(parts, isDisabled ? 'disabled' : 'enabled', id, actor)
    })
    return show(id)
  }

  /** @throws Fault not_found */
  async function remove(id: string, actor: string): Promise<void> {
    await atomically(async (parts) => {
      const { stamp } = existing(await parts.store.locked(id))
      await parts.store.remove(id)
      await parts.revoke(id, { stamp: stamp + 1 })
      await done(parts, 'removed', id, actor)
    })
  }

  /** @throws Fault not_found, disabled, key_words, too_many_keys */
  async function addKey(id: string, wished: WishedKey, actor: string): Promise<WithKey> {
    const known = await servers()
    const key = await atomically(async (parts) => {
      const identity = enabled(existing(await parts.store.locked(id)))
      judgeKey(identity.kind, wished, known)
      const { networks = null, hours = null, scopes, resources, days } = wished
      const made = await make(parts, id, { scopes, resources, networks, hours }, days)
      await done(parts, 'key-made', id, actor, made.id)
      return made.text
    })
    return { identity: await show(id), key }
  }

  /**
   * A new key that may do the same, for as long as the old one was made for. The old one opens until the time that is said, within
   * thirty days, or for one more. @throws Fault not_found, disabled, key_words, no_key, rotated, too_many_keys
   */
  async function rotateKey(
    id: string,
    old: string,
    until: Date | undefined,
    actor: string,
  ): Promise<WithKey> {
    const now = clock.now()
    const end = until ?? new Date(now.getTime() + overlapDays * dayMs)
    if (end <= now || end.getTime() > now.getTime() + overlapDaysAtMost * dayMs)
      throw fault.key_words(undefined, {
        fields: [{ pointer: '/until', message: `must lie within ${overlapDaysAtMost} days` }],
      })
    const key = await atomically(async (parts) => {
      const identity = enabled(existing(await parts.store.locked(id)))
      const before = (await parts.store.keysOf([id])).find((one) => one.id === old)
      if (before === undefined || stateOf(before, now) !== 'live') throw fault.no_key()
      if ((await parts.store.rotate(id, old, end, now)) === null) throw fault.rotated()
      const made = await make(parts, id, before, daysOf(before, identity))
      await done(parts, 'key-rotated', id, actor, made.id)
      return made.text
    })
    return { identity: await show(id), key }
  }

  /** At once, everywhere. @throws Fault not_found, no_key */
  async function revokeKey(id: string, key: string, actor: string): Promise<ShownIdentity> {
    await atomically(async (parts) => {
      existing(await parts.store.locked(id))
      if (!(await parts.store.revoke(id, key, clock.now()))) throw fault.no_key()
      await parts.revoke(id, { session: sessionOf(key) })
      await done(parts, 'key-revoked', id, actor, key)
    })
    return show(id)
  }

  type Allowed = Pick<Key, 'scopes' | 'resources' | 'networks' | 'hours'>

  async function make({ store: own }: Parts, identity: string, allowed: Allowed, days: number) {
    const now = clock.now()
    if ((await own.countLive(identity, now)) >= mostLive) throw fault.too_many_keys()
    const { id, secret, text } = newKey()
    const { scopes, resources, networks, hours } = allowed
    const endsAt = new Date(now.getTime() + days * dayMs)
    const hash = hashing.hashOf({ id, secret })
    await own.addKey({ id, identity, hash, scopes, resources, networks, hours, madeAt: now, endsAt })
    return { id, text }
  }

  /** Its line names the key by its id, which opens nothing. */
  async function done(parts: Parts, act: Act, id: string, actor: string, key?: string): Promise<void> {
    await parts.record({
      action: `service-identities.${act}`,
      actor,
      target: { type: 'ServiceIdentity', id },
      outcome: 'done',
      ...(key === undefined ? {} : { fields: [key] }),
    })
    counted(act)
  }

  return {
    list,
    show,
    create,
    setDisabled,
    remove,
    addKey,
    rotateKey,
    revokeKey,
    sweep: () => store.sweep(new Date(clock.now().getTime() - keptDays * dayMs)),
  }
}
export type ServiceIdentities = ReturnType<typeof createServiceIdentities>

function existing<T>(found: T | null): T {
  if (found === null) throw fault.not_found()
  return found
}

function enabled(identity: ServiceIdentity): ServiceIdentity {
  if (identity.disabledAt !== null) throw fault.disabled()
  return identity
}

const stateOf = ({ revokedAt, endsAt }: Key, now: Date): ShownKeyState['state'] =>
  revokedAt !== null ? 'revoked' : endsAt <= now ? 'over' : 'live'

/** As long as the one before was made for; the kind may allow less by now. */
function daysOf({ madeAt, endsAt }: Key, { kind }: ServiceIdentity): number {
  const days = Math.max(1, Math.round((endsAt.getTime() - madeAt.getTime()) / dayMs))
  return Math.min(days, kinds[kind].keyDays)
}
