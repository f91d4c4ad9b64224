/**
 * One counter for every factor, counted before it is checked: five wrong tries within a quarter of an hour, of whatever kind, and
 * that pair of account and place waits. A place is a network, or a device that the owner has signed in from before, which strangers
 * cannot lock. A hundred in a row from unknown places, and the factor opens nothing from there until its owner has been here.
 */
import { createHash } from 'node:crypto'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import type { Guess, Guessable, Judged, Place } from './schema.ts'
import type { GuessStore } from './store.ts'

interface Parts {
  readonly store: GuessStore
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly tellShut: (account: string) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly store: GuessStore
  readonly atomically: Atomically<Parts>
  /** Those who look after the house see it: a hundred in a row are no mistake of its owner's. */
  readonly onShut: (account: string, factor: Guessable) => Promise<void>
  readonly lockAfter: number
  readonly lockMinutes: number
  /** NIST SP 800-63B-4, section 3.2.2: at most 100 in a row. */
  readonly shutAfter: number
}

export function createGuesses(needs: Needs) {
  const { clock, store, atomically, onShut, lockAfter, lockMinutes, shutAfter } = needs

  /**
   * A right try stays counted: whoever goes on from it takes it back, or settles it with all that came before.
   * @param check may throw when it could not be carried out: then nothing was tried, and nothing was wrong
   */
  async function look(guess: Guess, check: () => Promise<boolean>): Promise<Judged> {
    const { account, factor, isKnown, minutes = lockMinutes } = guess
    const now = clock.now()
    const until = new Date(now.getTime() + minutes * 60_000)
    const [{ wrong, endsAt }, inward] = await counted(keysOf(guess), now, until)
    if (wrong > lockAfter)
      return { kind: 'locked', seconds: secondsUntil(endsAt, now), isFirst: wrong === lockAfter + 1 }
    const [isRight, isShut] = await Promise.all([
      check(),
      isKnown ? false : isShutOut(account, factor),
    ]).catch(async (error: unknown) => {
      await takeBack(guess)
      throw error
    })
    // By which of their names somebody is guessed at must not tell that both are one person's: so it is only wrong.
    const isSpent = inward.wrong > lockAfter
    if (isRight && !isShut && !isSpent) return { kind: 'right' }
    if (account !== null && !isKnown) await failed(account, factor)
    return { kind: 'wrong', left: lockAfter - wrong }
  }

  /** The one that shuts it says so, in the statement that counts it: no two do, and none is forgotten. */
  async function failed(account: string, factor: Guessable): Promise<void> {
    const isShutNow = await atomically(async (parts) => {
      if ((await parts.store.failed(account, factor)) !== shutAfter) return false
      await parts.record(entry('guesses.shut', 'service:identity', account, factor))
      await parts.tellShut(account)
      return true
    })
    if (isShutNow) await onShut(account, factor)
  }

  /** Asked for nobody as well: a question less would tell who has no account. */
  const isShutOut = async (account: string | null, factor: Guessable) =>
    (await store.inARow(account ?? '', factor)) >= shutAfter

  async function counted(keys: readonly Uint8Array[], now: Date, until: Date) {
    const [seen, ...others] = await Promise.all(keys.map((key) => store.count(key, now, until)))
    if (seen === undefined) throw new Error('Nothing was counted.')
    return [seen, others[0] ?? seen] as const
  }

  /** The tries before it stay counted until the whole sign-in is done: else whoever has the password could guess the rest for ever. */
  async function takeBack(guess: Counting): Promise<void> {
    await Promise.all(keysOf(guess).map(store.uncount))
  }

  /** For a try that stands by itself, with nothing to come after it. */
  async function judge(guess: Guess, check: () => Promise<boolean>): Promise<Judged> {
    const judged = await look(guess, check)
    if (judged.kind === 'right') await takeBack(guess)
    return judged
  }

  /** Signed in: what was wrong before was its owner's, or is theirs to see in the list of tries. */
  async function settle(account: string, place: Place): Promise<void> {
    if (!(await store.settle(account, keysOf({ ...place, account }), shutAfter))) return
    await atomically(async (parts) => {
      for (const factor of await parts.store.open(account))
        await parts.record(entry('guesses.opened', `person:${account}`, account, factor))
    })
  }

  return { judge, look, takeBack, settle, sweep: () => store.sweep(clock.now()) }
}
export type Guesses = ReturnType<typeof createGuesses>

const secondsUntil = (end: Date, now: Date) => Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 1000))

const entry = (action: string, actor: string, id: string, factor: Guessable): AuditEntry => ({
  action,
  actor,
  target: { type: 'Account', id },
  reason: factor,
  outcome: 'done',
})

/**
 * By what was written, which is what whoever tries sees; and by whose it is, so that two names of one person are not twice as many tries.
 * For nobody it is counted twice as well, or the time that it takes would tell.
 */
function keysOf({ who, from, account }: Counting): Uint8Array[] {
  if (who === account) return [keyOf({ who, from })]
  return [keyOf({ who, from }), keyOf({ who: account ?? `nobody ${who}`, from })]
}

type Counting = Place & Pick<Guess, 'account'>

const keyOf = ({ who, from }: Place): Uint8Array =>
  createHash('sha256').update(`althing/guess\n${who.trim().toLowerCase()}\n${from}`).digest()
