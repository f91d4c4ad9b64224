/** What has been heard of one engine since this node began. */
import type { Clock } from '@althing/kernel/context'
import type { Opinion, Outcome } from '../known.ts'
import type { EngineShown } from './schema.ts'

export interface Heard {
  note(opinion: Opinion): void
  told(): Pick<EngineShown, 'answers' | 'last' | 'p50'>
}

const remembered = 100

export function createHeard({ now }: Clock): Heard {
  const answers: Record<Outcome, number> = { allow: 0, deny: 0, error: 0, open: 0 }
  const took: number[] = []
  let last: EngineShown['last'] = null
  return {
    note({ outcome, why, milliseconds }) {
      answers[outcome] += 1
      last = { at: now().toISOString(), outcome, why, milliseconds }
      // Where nobody was asked it took no time, which would make a dead engine a quick one.
      if (outcome === 'open') return
      took.push(milliseconds)
      if (took.length > remembered) took.shift()
    },
    told: () => ({ answers: { ...answers }, last, p50: middleOf(took) }),
  }
}

function middleOf(numbers: readonly number[]): number | null {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? null
}
