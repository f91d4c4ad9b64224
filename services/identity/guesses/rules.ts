/**
 * One counter for every factor, counted before it is checked: five wrong tries within a quarter of an hour, of whatever kind, and
 * that pair of account and place waits. A place is a network, or a device that the owner has signed in from before, which strangers
 * cannot lock. A hundred in a row from unknown places, and the factor opens nothing from there until its owner has been here.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '@althing/kernel/context'
import type { Guess, Guessable, Judged, Place } from './schema.ts'
import type { GuessStore } from './store.ts'

interface Needs {
  readonly clock: Clock
  readonly store: GuessStore
  readonly lockAfter: number
  readonly lockMinutes: number
  /** NIST SP 800-63B-4, section 3.2.2: at most 100 in a row. */
  readonly shutAfter: number
}

export function createGuesses({ clock, store, lockAfter, lockMinutes, shutAfter }: Needs) {
  /**
   * A right try stays counted: whoever goes on from it takes it back, or settles it with all that came before.
   * @param check may throw when it could not be carried out: then nothing was tried, and nothing was wrong
   */
  async function look(guess: Guess, check: () => Promise<boolean>): Promise<Judged> {
    const { account, factor, isKnown } = guess
    const now = clock.now()
    const key = keyOf(guess)
    const { wrong, endsAt } = await store.count(key, now, new Date(now.getTime() + lockMinutes * 60_000))
    if (wrong > lockAfter) return { kind: 'locked', seconds: secondsUntil(endsAt, now) }
    const [isRight, isShut] = await Promise.all([
      check(),
      isKnown ? false : isShutOut(account, factor),
    ]).catch(async (error: unknown) => {
      await store.uncount(key)
      throw error
    })
    if (isRight && !isShut) return { kind: 'right' }
    if (account !== null && !isKnown) await store.failed(account, factor)
    return { kind: 'wrong' }
  }

  /** Asked for nobody as well: a question less would tell who has no account. */
  const isShutOut = async (account: string | null, factor: Guessable) =>
    (await store.inARow(account ?? '', factor)) >= shutAfter

  /** The tries before it stay counted until the whole sign-in is done: else whoever has the password could guess the rest for ever. */
  const takeBack = (place: Place): Promise<void> => store.uncount(keyOf(place))

  /** For a try that stands by itself, with nothing to come after it. */
  async function judge(guess: Guess, check: () => Promise<boolean>): Promise<Judged> {
    const judged = await look(guess, check)
    if (judged.kind === 'right') await takeBack(guess)
    return judged
  }

  /** Signed in: what was wrong before was its owner's, or is theirs to see in the list of tries. */
  const settle = (account: string, place: Place): Promise<void> => store.settle(account, keyOf(place))

  return { judge, look, takeBack, settle, sweep: () => store.sweep(clock.now()) }
}
export type Guesses = ReturnType<typeof createGuesses>

const secondsUntil = (end: Date, now: Date) => Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 1000))

const keyOf = ({ who, from }: Place): Uint8Array =>
  createHash('sha256').update(`althing/guess\n${who.trim().toLowerCase()}\n${from}`).digest()
