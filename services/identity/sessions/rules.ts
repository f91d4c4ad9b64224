/**
 * A session is one browser in which somebody has proven who they are: half an hour unused ends it, eight hours end it, the
 * person ends it, or a sixth one does. Every end before its time is told to the feed, so that no token of it lives on.
 */
import type { Chance, Clock, Ids } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { SignInMethod } from '../proofs.ts'
import { SessionId, type Proof, type Session } from './schema.ts'
import type { Alive, SessionStore, Stronger } from './store.ts'

interface Entered extends Proof {
  /** What was shown last: after a second step another thing than what opened the session. */
  readonly shown: SignInMethod
  /** Its owner has been here before, and not from this device. */
  readonly isNew: boolean
}

interface Parts {
  readonly store: SessionStore
  readonly tellEnded: (session: string, account: string) => Promise<void>
  /** Its line among those who came or tried to. */
  readonly came: (proof: Entered) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: Ids
  readonly store: SessionStore
  readonly atomically: Atomically<Parts>
  readonly idleMinutes: number
  readonly officeIdleMinutes: number
  readonly minutes: number
  readonly rememberDays: number
  readonly most: number
  readonly onCreated: () => void
  readonly onEnded: (count: number) => void
  readonly onSwept: (swept: { readonly expired: number; readonly active: number }) => void
}

export function createSessions({
  clock,
  chance,
  ids,
  store,
  atomically,
  idleMinutes,
  officeIdleMinutes,
  minutes,
  rememberDays,
  most,
  onCreated,
  onEnded,
  onSwept,
}: Needs) {
  const alive = (): Alive => {
    const now = clock.now()
    const before = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * 60_000)
    return { now, idleSince: before(idleMinutes), officeIdleSince: before(officeIdleMinutes) }
  }

  /** It was used just now: the time is written at most once a minute. */
  async function touch({ id, seenAt }: { readonly id: string; readonly seenAt: Date }): Promise<void> {
    if (clock.now().getTime() - seenAt.getTime() > 60_000) await store.touch(id, clock.now())
  }

  /** Finding it by its cookie is using it. */
  async function byToken(token: string): Promise<Session | null> {
    const session = await store.byToken(token, alive())
    if (session !== null) await touch(session)
    return session
  }

  /** A new cookie always: whoever planted the old one is left with nothing (session fixation). */
  async function begin(
    proof: Entered,
    current: Session | null,
  ): Promise<{ session: Session; token: string }> {
    const token = newToken(chance)
    const now = clock.now()
    const begun = await atomically(async (parts) => {
      const renewed =
        current?.account === proof.account ? await parts.store.renew(current.id, token, proof, now) : null
      if (renewed !== null) {
        await Promise.all([recorded(parts, { ...proof, id: renewed.id }), parts.came(proof)])
        return { session: renewed, gone: [] }
      }
      // Somebody else's session in this browser ends with the sign-in of another.
      const replaced =
        current !== null && (await parts.store.end(current.id, current.account)) ? [current.id] : []
      const id = SessionId.parse(ids.create('ses'))
      const endsAt = new Date(now.getTime() + (proof.remember ? rememberDays * 1440 : minutes) * 60_000)
      // In this order, and side by side: none of them waits for what another answers.
      const [session, oldest] = await Promise.all([
        parts.store.add(id, token, proof, now, endsAt),
        parts.store.endOldest(proof.account, most),
        recorded(parts, { id, ...proof }),
        parts.came(proof),
      ])
      if (current !== null) await ended(parts, current.account, replaced)
      await ended(parts, proof.account, oldest)
      return { session, gone: [...replaced, ...oldest] }
    })
    onCreated()
    onEnded(begun.gone.length)
    return { session: begun.session, token }
  }

  /** What opened it, the second step that was shown after that, and a device that its owner has not been on before. */
  async function recorded({ record }: Parts, entered: Entered & Pick<Session, 'id'>) {
    const { id, method, shown, account, isNew } = entered
    const ways = [...new Set([method, shown])].map((way) => `sign-in.${way}`)
    for (const action of isNew ? [...ways, 'devices.added'] : ways)
      await record({
        action,
        actor: `person:${account}`,
        target: { type: 'Session', id },
        outcome: 'done',
      })
  }

  async function end(id: string, account: string, actor: string): Promise<boolean> {
    const done = await atomically((parts) => endIn(parts, id, account, actor))
    if (done) onEnded(1)
    return done
  }

  return {
    byToken,
    begin,
    end,
    byId: (id: string) => store.byId(id, alive()),
    touch,
    listOf: (account: string) => store.listOf(account, alive()),
    sweep: async () => onSwept(await store.sweep(alive(), new Date(clock.now().getTime() - 24 * 3_600_000))),
  }
}
export type Sessions = ReturnType<typeof createSessions>

/** Within the transaction of what ends it. @returns false when it has ended already */
export async function endIn(
  parts: Pick<Parts, 'store' | 'tellEnded' | 'record'>,
  id: string,
  account: string,
  actor: string,
): Promise<boolean> {
  if (!(await parts.store.end(id, account))) return false
  await parts.record({ action: 'sessions.ended', actor, target: { type: 'Session', id }, outcome: 'done' })
  await ended(parts, account, [id])
  return true
}

/**
 * Lent to what turns a second step on: whoever has shown it in this session need not sign in once more with it.
 * @returns the new cookie; null when the session has ended, or is as strong already
 */
export async function strengthenIn(
  { store, chance }: { readonly store: SessionStore; readonly chance: Chance },
  session: string,
  account: string,
  stronger: Stronger,
): Promise<string | null> {
  const token = newToken(chance)
  return (await store.strengthen(session, account, token, stronger)) ? token : null
}

const newToken = (chance: Chance): string => Buffer.from(chance.bytes(32)).toString('base64url')

/** Lent to features that end sessions in a transaction of their own. */
export async function endAllOf(parts: Pick<Parts, 'store' | 'tellEnded'>, account: string): Promise<number> {
  const gone = await parts.store.endAll(account)
  await ended(parts, account, gone)
  return gone.length
}

/** Whoever changed how they prove who they are stays; everybody else who is signed in as them does not. */
export async function endOthersOf(
  parts: Pick<Parts, 'store' | 'tellEnded'>,
  account: string,
  but: string | null,
): Promise<number> {
  const others = await parts.store.endOthers(account, but)
  await ended(parts, account, others)
  return others.length
}

/** The revocations come last in a transaction: their one row is held until it commits. */
async function ended(
  { store, tellEnded }: Pick<Parts, 'store' | 'tellEnded'>,
  account: string,
  sessions: readonly string[],
): Promise<void> {
  for (const session of sessions) await tellEnded(session, account)
  for (const session of sessions) await store.revoke(account, { session })
}
