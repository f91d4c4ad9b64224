/**
 * Decisions made again, from what was written of them and with the policies of then: each must come out as it did. What cannot be made again
 * is counted, and why. Engines outside are asked nothing again: what is compared is what our own policies said before them.
 */
import { isDeepStrictEqual } from 'node:util'
import { isWhole, type Seen } from '../known.ts'
import { ownPart } from './own.ts'
import type { Decision, Replayed, Replaying, Stored } from './schema.ts'
import type { DecisionStore } from './store.ts'

type Made = Pick<Decision, 'decision' | 'determining' | 'errors'>
export type Again = (
  made: Pick<Stored, 'subject' | 'action' | 'resource' | 'policies' | 'digest'> & { readonly seen: Seen },
) => Promise<Made | null>

interface Needs {
  readonly store: Pick<DecisionStore, 'list'>
  /** Null when the policies of then are not there any more, or are others than they were. */
  readonly again: Again
}

const atOnce = 500
const toldAtMost = 100

export function createReplaying({ store, again }: Needs) {
  async function replay({ limit, ...filter }: Replaying): Promise<Replayed> {
    const sum: Replayed = {
      equal: 0,
      not: { forgotten: 0, redacted: 0, policies: 0 },
      different: [],
      differences: 0,
    }
    let left = limit
    let before: Stored | null = null
    while (left > 0) {
      const rows: readonly Stored[] = await store.list(filter, before, Math.min(atOnce, left))
      for (const row of rows) add(sum, row, await outcome(row))
      left -= rows.length
      before = rows.at(-1) ?? null
      if (rows.length < atOnce) break
    }
    return sum
  }

  async function outcome(row: Stored): Promise<Made | 'forgotten' | 'redacted' | 'policies'> {
    const { seen } = row
    if (seen === null) return 'forgotten'
    if (!isWhole(seen)) return 'redacted'
    return (await again({ ...row, seen })) ?? 'policies'
  }

  return { replay }
}
export type Replays = ReturnType<typeof createReplaying>

function add(sum: Replayed, row: Stored, is: Made | 'forgotten' | 'redacted' | 'policies'): void {
  if (typeof is === 'string') sum.not[is] += 1
  else if (isDeepStrictEqual(madeOf(ownPart(row)), madeOf(is))) sum.equal += 1
  else {
    sum.differences += 1
    if (sum.different.length < toldAtMost)
      sum.different.push({ id: row.id, was: madeOf(ownPart(row)), is: madeOf(is) })
  }
}

const madeOf = ({ decision, determining, errors }: Made) => ({
  decision,
  determining: [...determining],
  errors: errors.map(({ policy, message }) => ({ policy, message })),
})
