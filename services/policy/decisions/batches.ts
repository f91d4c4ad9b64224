/**
 * A batch is written once, whatever happens to the answer: it has its number from its first try on, and before the next one it is looked for
 * under it. Of a batch that the table refuses, and not because it is away, the halves are tried; a line that is refused alone is given up and
 * told of, so that one of them does not hold back all others for ever.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { logged, loggedBy } from './logged.ts'
import type { Line } from './schema.ts'
import { batchDigest } from './sealing.ts'
import type { DecisionStore } from './store.ts'

export interface Parts {
  readonly store: Pick<DecisionStore, 'nextBatch' | 'hasBatch' | 'add'>
  readonly record: (entry: AuditEntry) => Promise<void>
}

export interface Batch {
  readonly lines: readonly Line[]
  /** Null until its first try. */
  number: number | null
  tries: number
}

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly onWritten: (outcome: 'lost', count: number) => void
  readonly onLost: (decision: string, error: unknown) => void
}

/** The database that is away for a moment is away for all of them. */
const triesAtMost = 3

export function createBatches({ atomically, onWritten, onLost }: Needs) {
  /** @returns how many lines it has */
  async function write(batch: Batch): Promise<number> {
    batch.tries += 1
    const number = (batch.number ??= await atomically(({ store }) => store.nextBatch()))
    await atomically(async ({ store, record }) => {
      // It was committed, and nobody heard.
      if (batch.tries > 1 && (await store.hasBatch(number))) return
      await store.add(number, batch.lines)
      await record({
        action: logged.action,
        actor: loggedBy,
        target: { type: logged.type, id: String(number) },
        outcome: 'done',
        fields: [String(batch.lines.length), batchDigest(batch.lines.map(({ hash }) => hash))],
      })
    })
    return batch.lines.length
  }

  /** What is to be tried in its place. */
  function again(batch: Batch, error: unknown): readonly Batch[] {
    if (batch.tries < triesAtMost || isAway(error)) return [batch]
    if (batch.lines.length > 1) return halvesOf(batch)
    onWritten('lost', 1)
    onLost(batch.lines[0]?.id ?? '', error)
    return []
  }

  return { write, again }
}

function halvesOf({ lines }: Batch): Batch[] {
  const middle = Math.ceil(lines.length / 2)
  return [lines.slice(0, middle), lines.slice(middle)].map((half) => ({
    lines: half,
    number: null,
    tries: 0,
  }))
}

/** Only what the table says of data that it does not take is about these lines (SQLSTATE, classes 22 and 23). */
export const isAway = (error: unknown): boolean =>
  !(error instanceof Error && 'sqlState' in error && /^2[23]/.test(String(error.sqlState)))
