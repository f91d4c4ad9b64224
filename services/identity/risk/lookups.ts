/**
 * A password that has just opened the door is looked up among breached ones, in a job: the answer waits for nobody. The queue is a
 * table, so the hash lies there sealed under a key of ours, and goes when the job has run, whatever came of it: it is asked again at
 * the next sign-in.
 */
import type { Chance, Clock } from '@althing/kernel/context'
import { fromUtf8, openBox, sealBox, utf8 } from '@althing/kernel/crypto'
import type { Proven } from './schema.ts'

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly sealingKey: Uint8Array
  /** What is asked about, and how often it was in a breach: 0 also when nobody says. */
  readonly hashOf: (password: string) => string
  readonly timesBreached: (hash: string) => Promise<number>
  readonly isAsked: boolean
  readonly enqueue: (proven: Proven) => Promise<void>
  readonly isKnownAsBreached: (account: string) => Promise<boolean>
  readonly passwordChangedAt: (account: string) => Promise<Date | null>
  readonly onBreached: (account: string) => Promise<void>
}

export function createLookups(needs: Needs) {
  const { clock, chance, sealingKey, hashOf } = needs
  const place = (account: string) => utf8(`althing/breach-lookup\n${account}`)

  async function passwordProven(account: string, password: string): Promise<void> {
    if (!needs.isAsked) return
    const sealed = sealBox(sealingKey, utf8(hashOf(password)), place(account), chance)
    await needs.enqueue({
      account,
      sealed: Buffer.from(sealed).toString('base64'),
      at: clock.now().toISOString(),
    })
  }

  async function lookUp({ account, sealed, at }: Proven): Promise<void> {
    const hash = openBox(sealingKey, Buffer.from(sealed, 'base64'), place(account))
    // Sealed under a key of before: there is nothing to ask with, and trying again would not help.
    if (hash === null) return
    const changedAt = await needs.passwordChangedAt(account)
    if (changedAt === null || changedAt > new Date(at) || (await needs.isKnownAsBreached(account))) return
    if ((await needs.timesBreached(fromUtf8(hash))) > 0) await needs.onBreached(account)
  }

  return { passwordProven, lookUp }
}
