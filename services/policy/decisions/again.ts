/**
 * One decision made again, from what was written of it. With the policies of then it must be what it was; with those of today it shows what has
 * changed since, in the world as it was. What these policies read and nobody wrote down is said, and nothing is guessed.
 */
import type { AttributesRead } from '@althing/kernel/cedar'
import type { Prepared, ReplayedRuling } from '../deciding.ts'
import { isWhole } from '../known.ts'
import { isMoment, momentSeen } from '../moment.ts'
import { fault } from './faults.ts'
import type { Decision, MadeAgain, Stored } from './schema.ts'
import type { DecisionStore } from './store.ts'

interface Needs {
  readonly store: Pick<DecisionStore, 'one'>
  /** Null when the policies of then are not there any more, or are others than they were. */
  readonly ofThen: (made: Pick<Stored, 'policies' | 'digest'>) => Promise<Prepared | null>
  readonly ofNow: () => Promise<{ readonly revision: number; readonly prepared: Prepared }>
  /** What one set of policies reads and another does not (impact). */
  readonly missing: (wanted: AttributesRead, had: AttributesRead) => readonly string[]
}

export function createMakingAgain({ store, ofThen, ofNow, missing }: Needs) {
  /** @throws Fault policy.decisions.not_found */
  async function make(id: string, which: 'then' | 'now'): Promise<MadeAgain> {
    const row = await store.one(id)
    if (row === null) throw fault.not_found()
    const then = await ofThen(row)
    const now = which === 'now' ? await ofNow() : null
    const about = { revision: now?.revision ?? row.policies, was: madeOf(row), is: null, readsMore: [] }
    const { seen } = row
    if (seen === null) return { ...about, not: 'forgotten' }
    if (!isWhole(seen)) return { ...about, not: 'redacted' }
    if (then === null) return { ...about, not: 'policies' }
    const before = then.replay({ ...row, seen })
    if (now === null) return { ...about, is: madeOf(before), not: null }
    const readsMore = missing(now.prepared.reads(row.action), then.allReads).filter((one) => !isMoment(one))
    const context = { ...momentSeen(row.at), ...seen.context }
    const after = now.prepared.replay({ ...row, seen: { ...seen, context } })
    const isWider = [...after.missed].some((key) => !before.missed.has(key))
    if (readsMore.length > 0 || isWider) return { ...about, not: 'reads-more', readsMore }
    return { ...about, is: madeOf(after), not: null }
  }

  return { make }
}
export type MakingAgain = ReturnType<typeof createMakingAgain>

const madeOf = ({
  decision,
  determining,
  errors,
}: Pick<Decision | ReplayedRuling, keyof MadeAgain['was']>) => ({
  decision,
  determining: [...determining],
  errors: errors.map(({ policy, message }) => ({ policy, message })),
})
