/**
 * Decisions that were made, kept for the next who asks the same: as long as neither the policies nor anything in the world has changed, which
 * is asked of the database before it is looked at. So it is never older than a decision that is made anew. What could not be evaluated is
 * not kept, and neither is what a policy about it reads the clock for.
 */
import { settled, type Engine, type Question, type Ruling, type Snapshot } from '../deciding.ts'
import type { Revisions } from '../known.ts'
import { keyFor } from './key.ts'

export type Counted = 'hit' | 'miss' | 'evicted' | 'dropped'

interface Needs {
  readonly engine: Engine
  readonly isOn: boolean
  readonly most: number
  readonly count: (what: Counted, times: number) => void
}

interface Kept {
  readonly ruling: Ruling
  /** With the sweep after which it was asked for last. */
  used: number
}

export function createAnswers({ engine, isOn, most, count }: Needs) {
  const kept = new Map<string, Kept>()
  const counts = { hit: 0, miss: 0, evicted: 0, dropped: 0 }
  let of: Revisions = { world: -1, policies: -1 }
  let generation = 0
  let sweeps = 0

  function add(what: Counted, times = 1): void {
    if (times === 0) return
    counts[what] += times
    count(what, times)
  }

  function dropAll(): void {
    add('dropped', kept.size)
    kept.clear()
  }

  function decide(question: Question, snapshot: Snapshot): Ruling {
    // An older look may still be in somebody's hands; it is answered, and nothing is kept of it.
    if (snapshot.generation < generation) return snapshot.decide(question)
    if (snapshot.generation > generation) {
      dropAll()
      ;[generation, of] = [snapshot.generation, snapshot.revisions]
    }
    if (snapshot.readsClock(question.action)) {
      add('miss')
      return snapshot.decide(question)
    }
    const key = keyFor(question, snapshot)
    const known = kept.get(key)
    if (known !== undefined) {
      known.used = sweeps
      add('hit')
      return known.ruling
    }
    add('miss')
    const ruling = snapshot.decide(question)
    if (ruling.errors.length === 0) keep(key, ruling)
    return ruling
  }

  function keep(key: string, ruling: Ruling): void {
    const [oldest] = kept.keys()
    if (kept.size >= most && oldest !== undefined) {
      kept.delete(oldest)
      add('evicted')
    }
    kept.set(key, { ruling: remembered(ruling), used: sweeps })
  }

  const caching: Engine = {
    async fresh() {
      const snapshot = await engine.fresh()
      return {
        ...snapshot,
        decide: (question, instead) =>
          instead === undefined ? decide(question, snapshot) : snapshot.decide(question, instead),
      }
    },
  }

  return {
    engine: isOn ? caching : engine,
    stats: () => {
      const asked = counts.hit + counts.miss
      return { isOn, entries: kept.size, most, ...counts, hitRatio: asked === 0 ? 0 : counts.hit / asked, of }
    },
    /** What nobody has asked for between two sweeps goes. */
    sweep(): void {
      for (const [key, { used }] of kept)
        if (used < sweeps) {
          kept.delete(key)
          add('evicted')
        }
      sweeps += 1
    },
  }
}
export type Answers = ReturnType<typeof createAnswers>

const remembered = (ruling: Ruling): Ruling => ({ ...settled(ruling), cached: true })
