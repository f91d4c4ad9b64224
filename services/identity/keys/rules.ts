/**
 * Signing keys live in the database, sealed, so that every node signs with the same ones and a restart changes nothing. A key is published two
 * hours before it signs, signs for ninety days, and stays published until every token it signed is gone.
 */
import type { Clock } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import { makeKey } from './make.ts'
import { algorithms, type Algorithm, type SigningKey } from './schema.ts'
import type { Sealing } from './sealing.ts'
import type { KeyStore } from './store.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const signsForMs = 90 * dayMs
const publishedBeforeMs = 2 * hourMs
/** The next key is made a day before it is needed: whoever looks after us has that long to see that it is not there. */
const madeBeforeMs = dayMs
/** Every token that it signed is over by then; an ID token goes on as a hint until the longest session is over, see `hintsForMs`. */
const keptAfterMs = dayMs

export interface KeyParts {
  readonly store: KeyStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly store: KeyStore
  readonly sealing: Sealing
  /** The longest session: so long what a key has signed may be shown as a hint at sign-out. */
  readonly hintsForMs: number
  readonly atomically: Atomically<KeyParts>
}

export function createKeys({ clock, store, sealing, hintsForMs, atomically }: Needs) {
  async function make(alg: Algorithm, state: 'active' | 'next'): Promise<SigningKey> {
    const { kid, public: jwk, privateKey } = await makeKey(alg)
    return { kid, alg, state, public: jwk, ...(await sealing.seal(kid, privateKey)), since: clock.now() }
  }

  async function add(algs: readonly Algorithm[], state: 'active' | 'next', actor: string): Promise<void> {
    const keys = await Promise.all(algs.map((alg) => make(alg, state)))
    await atomically(async ({ store: own, record }) => {
      for (const kid of await own.add(keys))
        await record(entryOf(`keys.${state === 'next' ? 'announced' : 'made'}`, actor, kid))
    })
  }

  /**
   * At the first start there is none: one node makes them all, the others find them. An algorithm that is new to a house is published first,
   * as every key is: its verifiers have the list in hand.
   */
  async function ready(): Promise<SigningKey[]> {
    const keys = await store.all()
    const missing = algorithms.filter((alg) => !keys.some((key) => key.alg === alg && isComing(key)))
    if (missing.length === 0) return keys
    await add(missing, keys.length === 0 ? 'active' : 'next', 'service:identity')
    return store.all()
  }

  /** Looked at every ten minutes. */
  async function tend(): Promise<void> {
    const now = clock.now().getTime()
    const keys = await ready()
    for (const alg of algorithms) {
      const { active, next } = ofAlgorithm(keys, alg)
      const age = active === undefined ? Infinity : now - active.since.getTime()
      if (next === undefined && age >= signsForMs - madeBeforeMs) await add([alg], 'next', 'clock')
      const isPublished = next !== undefined && now - next.since.getTime() >= publishedBeforeMs
      if (isPublished && age >= signsForMs) await rotate(alg, 'clock', false)
    }
    await store.forgetRetired(new Date(now - keptAfterMs), new Date(now + hintsForMs))
    await store.forgetPast(new Date(now))
  }

  /**
   * `cannotWait`: after a leak. The old key is revoked, so that nobody who asks for the keys believes it any more; what it signed
   * is refused within minutes, and verifiers that have the old list in hand refuse the new key for as long.
   */
  async function rotate(alg: Algorithm, actor: string, cannotWait: boolean): Promise<string> {
    if (ofAlgorithm(await store.all(), alg).next === undefined) await add([alg], 'next', actor)
    // Read after the key was made, or a key made just now would be too young even when it cannot wait.
    const now = clock.now()
    return atomically(async ({ store: own, record }) => {
      const publishedBefore = cannotWait ? now : new Date(now.getTime() - publishedBeforeMs)
      const kid = await own.rotate(alg, publishedBefore, now, cannotWait ? 'revoked' : 'retiring')
      if (kid === null) throw fault.no_next()
      await record(entryOf(cannotWait ? 'keys.replaced-and-revoked' : 'keys.rotated', actor, kid))
      return kid
    })
  }

  /** @returns which key signs in its place, when it was the one that signs */
  async function revoke(kid: string, actor: string, cannotWait: boolean): Promise<string | null> {
    const key = (await store.all()).find((one) => one.kid === kid)
    if (key === undefined) return revokePast(kid, actor)
    if (key.state === 'revoked') throw fault.revoked()
    if (key.state === 'active' && !cannotWait) throw fault.signs()
    if (key.state === 'active') return rotate(key.alg, actor, true)
    return atomically(async ({ store: own, record }) => {
      // Between the two looks it began to sign, or somebody else revoked it.
      if (!(await own.revoke(kid, clock.now()))) throw fault.signs()
      await record(entryOf('keys.revoked', actor, kid))
      return null
    })
  }

  /** One that is on no list any more. */
  const revokePast = (kid: string, actor: string): Promise<null> =>
    atomically(async ({ store: own, record }) => {
      if (!(await own.revokePast(kid))) throw fault.not_found()
      await record(entryOf('keys.revoked', actor, kid))
      return null
    })

  /** Every key under the first key service of the settings. What is there already is left. @returns how many were moved */
  async function rewrap(actor: string): Promise<number> {
    const others = (await store.all()).filter(
      ({ state, wrappedBy }) => state !== 'revoked' && wrappedBy !== sealing.wrappedBy,
    )
    let moved = 0
    for (const key of others) {
      const sealed = await sealing.seal(key.kid, await sealing.openDer(key))
      await atomically(async ({ store: own, record }) => {
        if (!(await own.reseal(key, sealed))) return
        await record(entryOf('keys.rewrapped', actor, key.kid))
        moved += 1
      })
    }
    return moved
  }

  async function status(): Promise<KeyStatus[]> {
    const [keys, now] = [await store.all(), clock.now()]
    return algorithms.map((alg) => statusOf(keys, alg, now))
  }

  return {
    ready,
    tend,
    rotate,
    revoke,
    rewrap,
    status,
    list: () => store.all(),
    past: () => store.past(clock.now()),
  }
}
export type Keys = ReturnType<typeof createKeys>

export interface KeyStatus {
  readonly alg: Algorithm
  readonly active: string | null
  readonly ageSeconds: number
  readonly next: string | null
  /** When the next key may sign. */
  readonly mayRotateAt: Date | null
  /** When it does so by itself. */
  readonly rotatesAt: Date | null
  /** It should have been made long ago: whoever makes it does not run, or cannot. */
  readonly isNextMissing: boolean
}

export function statusOf(keys: readonly SigningKey[], alg: Algorithm, now: Date): KeyStatus {
  const { active, next } = ofAlgorithm(keys, alg)
  const ageMs = active === undefined ? 0 : now.getTime() - active.since.getTime()
  const mayRotateAt = next === undefined ? null : new Date(next.since.getTime() + publishedBeforeMs)
  const dueAt = active === undefined ? mayRotateAt : new Date(active.since.getTime() + signsForMs)
  return {
    alg,
    active: active?.kid ?? null,
    ageSeconds: Math.max(0, Math.round(ageMs / 1000)),
    next: next?.kid ?? null,
    mayRotateAt,
    rotatesAt: dueAt,
    // An hour is what the look every ten minutes may be late.
    isNextMissing: next === undefined && (active === undefined || ageMs > signsForMs - madeBeforeMs + hourMs),
  }
}

const isComing = ({ state }: SigningKey) => state === 'active' || state === 'next'

const ofAlgorithm = (keys: readonly SigningKey[], alg: Algorithm) => ({
  active: keys.find((key) => key.alg === alg && key.state === 'active'),
  next: keys.find((key) => key.alg === alg && key.state === 'next'),
})

const entryOf = (action: string, actor: string, kid: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'SigningKey', id: kid },
  outcome: 'done',
})
