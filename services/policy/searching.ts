/**
 * One after the other is asked about, in turns of some milliseconds: whoever waits for a decision comes in between, and after each turn the
 * engine is asked anew what it knows. It ends when enough was found, or after so many, or after so long; the next page goes on from there.
 */
import { setImmediate } from 'node:timers/promises'
import type { Engine, Snapshot } from './deciding.ts'

export interface Pace {
  /** What others wait for one turn. */
  readonly turnMs: number
  /** What whoever searches waits for a page, and a little more. */
  readonly wholeMs: number
  /** Decisions for one page. */
  readonly askedAtMost: number
}

export const usualPace: Pace = { turnMs: 10, wholeMs: 2_000, askedAtMost: 20_000 }

export interface Looking<C, F> {
  readonly after: string | undefined
  readonly candidates: (snapshot: Snapshot, after: string | undefined) => Iterable<C>
  readonly nameOf: (candidate: C) => string
  /** How many decisions one of them is. */
  readonly costs: (snapshot: Snapshot) => number
  /** Null of whoever may not. */
  readonly look: (snapshot: Snapshot, candidate: C) => F | null
  readonly isFull: (found: readonly F[]) => boolean
}

export interface Searched<F> {
  readonly found: readonly F[]
  /** There when somebody was left who has not been asked about. */
  readonly last: string | undefined
  /** What was known in the last turn. */
  readonly snapshot: Snapshot
}

export async function searched<C, F>(
  engine: Engine,
  pace: Pace,
  { after, candidates, nameOf, costs, look, isFull }: Looking<C, F>,
): Promise<Searched<F>> {
  const found: F[] = []
  let [left, last] = [pace.askedAtMost, after]
  const isEnough = () => isFull(found) || left <= 0

  /** Whether anybody is left when it ends. */
  function turn(snapshot: Snapshot): boolean {
    const ends = performance.now() + pace.turnMs
    for (const candidate of candidates(snapshot, last)) {
      if (isEnough() || performance.now() >= ends) return true
      const one = look(snapshot, candidate)
      if (one !== null) found.push(one)
      left -= costs(snapshot)
      last = nameOf(candidate)
    }
    return false
  }

  let snapshot = await engine.fresh()
  const ends = performance.now() + pace.wholeMs
  for (;;) {
    if (!turn(snapshot)) return { found, last: undefined, snapshot }
    if (isEnough() || performance.now() >= ends) return { found, last, snapshot }
    await setImmediate()
    snapshot = await engine.fresh()
  }
}
