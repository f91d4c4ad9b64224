/**
 * Signing keys live in the database, sealed, so that every node signs with the same ones and a restart changes nothing. A key
 * is published two hours before it signs, signs for ninety days, and stays published until every token it signed is gone.
 */
import { createHash, createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Chance, Clock } from '@althing/kernel/context'
import { openBox, sealBox, utf8 } from '@althing/kernel/crypto'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import { algorithms, type Algorithm, type SigningKey } from './schema.ts'
import type { KeyStore } from './store.ts'

const generate = promisify(generateKeyPair)
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const signsForMs = 90 * dayMs
const publishedBeforeMs = 2 * hourMs
/** An ID token may be shown as a hint at sign-out until the longest session is over. */
const keptAfterMs = dayMs

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly store: KeyStore
  readonly atomically: Atomically<{
    readonly store: KeyStore
    readonly record: (entry: AuditEntry) => Promise<void>
  }>
  readonly sealingKey: Uint8Array
}

/** A key that can be used: opened, and in the order in which they are to be tried. */
export interface OpenKey extends Pick<SigningKey, 'kid' | 'alg' | 'state'> {
  readonly privateKey: KeyObject
}

export function createKeys({ clock, chance, store, atomically, sealingKey }: Needs) {
  async function make(alg: Algorithm, state: 'active' | 'next'): Promise<SigningKey> {
    const { publicKey, privateKey } =
      alg === 'ES256'
        ? await generate('ec', { namedCurve: 'P-256' })
        : await generate('rsa', { modulusLength: 2048 })
    const spki = publicKey.export({ format: 'der', type: 'spki' })
    const kid = createHash('sha256').update(spki).digest('hex').slice(0, 16)
    const sealed = sealBox(sealingKey, privateKey.export({ format: 'der', type: 'pkcs8' }), utf8(kid), chance)
    return { kid, alg, state, public: { ...publicKey.export({ format: 'jwk' }) }, sealed, since: clock.now() }
  }

  async function add(alg: Algorithm, state: 'active' | 'next', actor: string): Promise<void> {
    const key = await make(alg, state)
    await atomically(async ({ store: own, record }) => {
      if (await own.add(key))
        await record({
          action: `keys.${state === 'next' ? 'announced' : 'made'}`,
          actor,
          target: { type: 'SigningKey', id: key.kid },
          outcome: 'done',
        })
    })
  }

  /** At the first start there is none: one node makes them, the others find them. */
  async function load(): Promise<OpenKey[]> {
    let keys = await store.all()
    const missing = algorithms.filter((alg) => !keys.some((key) => key.alg === alg && key.state === 'active'))
    for (const alg of missing) await add(alg, 'active', 'service:identity')
    if (missing.length > 0) keys = await store.all()
    const order = { active: 0, next: 1, retiring: 2, revoked: 3 } as const
    return keys
      .filter(({ state }) => state !== 'revoked')
      .sort((a, b) => order[a.state] - order[b.state])
      .map(open)
  }

  function open({ kid, alg, state, sealed }: SigningKey): OpenKey {
    const der = openBox(sealingKey, sealed, utf8(kid))
    if (der === null) throw fault.sealed()
    return {
      kid,
      alg,
      state,
      privateKey: createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }),
    }
  }

  /** Looked at once an hour. */
  async function tend(): Promise<void> {
    const now = clock.now().getTime()
    const keys = await store.all()
    for (const alg of algorithms) {
      const active = keys.find((key) => key.alg === alg && key.state === 'active')
      const next = keys.find((key) => key.alg === alg && key.state === 'next')
      if (active === undefined || now - active.since.getTime() < signsForMs - dayMs) continue
      if (next === undefined) await add(alg, 'next', 'clock')
      else if (now - active.since.getTime() >= signsForMs) await rotate(alg, 'clock', false)
    }
    await store.forgetRetired(new Date(now - keptAfterMs))
  }

  /**
   * `cannotWait`: after a leak. The old key is revoked, so that nobody who asks for the keys believes it any more; what it signed
   * is refused within minutes, and verifiers that have the old list in hand refuse the new key for as long.
   */
  async function rotate(alg: Algorithm, actor: string, cannotWait: boolean): Promise<string> {
    const announced = (await store.all()).some((key) => key.alg === alg && key.state === 'next')
    if (!announced) await add(alg, 'next', actor)
    // Read after the key was made, or a key made just now would be too young even when it cannot wait.
    const now = clock.now()
    return atomically(async ({ store: own, record }) => {
      const publishedBefore = cannotWait ? now : new Date(now.getTime() - publishedBeforeMs)
      const kid = await own.rotate(alg, publishedBefore, now, cannotWait ? 'revoked' : 'retiring')
      if (kid === null) throw fault.no_next()
      await record({
        action: cannotWait ? 'keys.replaced-and-revoked' : 'keys.rotated',
        actor,
        target: { type: 'SigningKey', id: kid },
        outcome: 'done',
      })
      return kid
    })
  }

  return { load, tend, rotate, list: () => store.all() }
}
export type Keys = ReturnType<typeof createKeys>
