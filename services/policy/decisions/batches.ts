/**
 * A batch is written once, whatever happens to the answer: it has its number from its first try on, and before the next one it is looked for
 * under it. Of a batch that the table refuses, and not because it is away, the halves are tried; a line that is refused alone is given up and
 * told of, so that one of them does not hold back all others for ever. A batch that met with somebody else on the way is tried again as it is.
 * A line that was told before, and is there, is left out of it.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { logged, loggedBy } from './logged.ts'
import type { Line } from './schema.ts'
import { batchDigest } from './sealing.ts'
import { troubleOf, type DecisionStore } from './store.ts'

export interface Parts {
  readonly store: Pick<DecisionStore, 'nextBatch' | 'rowsOf' | 'known' | 'add'>
  readonly record: (entry: AuditEntry) => Promise<void>
}

export interface Batch {
  readonly lines: readonly Line[]
  /** Null until its first try. */
  number: number | null
  tries: number
  /** So often the table did not take it. */
  refusals: number
  /** So often others were in its way. */
  clashes: number
}

export const untried = { number: null, tries: 0, refusals: 0, clashes: 0 } as const

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly onWritten: (outcome: 'lost', count: number) => void
  readonly onLost: (decision: string, error: unknown) => void
}

/** What another node wrote in the same moment is there at the next try; of what is refused once more there may be another such. */
const refusalsAtMost = 3
/** Without a pause. A database in which everybody is in each other's way for longer is as good as away. */
const clashesAtMost = 5

export function createBatches({ atomically, onWritten, onLost }: Needs) {
  /** @returns how many lines of it were not there yet */
  async function write(batch: Batch): Promise<number> {
    batch.tries += 1
    const number = (batch.number ??= await atomically(({ store }) => store.nextBatch()))
    return atomically(async ({ store, record }) => {
      // It was committed, and nobody heard.
      const written = batch.tries > 1 ? await store.rowsOf(number) : 0
      if (written > 0) return written
      const lines = await newOf(batch.lines, store)
      if (lines.length === 0) return 0
      await store.add(number, lines)
      await record({
        action: logged.action,
        actor: loggedBy,
        target: { type: logged.type, id: String(number) },
        outcome: 'done',
        fields: [String(lines.length), batchDigest(lines.map(({ hash }) => hash))],
      })
      return lines.length
    })
  }

  /** What is to be tried in its place, at once; nothing at once while the database is away. */
  function again(batch: Batch, error: unknown): readonly Batch[] | 'away' {
    const trouble = troubleOf(error)
    if (trouble === 'away') return 'away'
    if (trouble === 'batch') return afterRefusal(batch, error)
    batch.clashes += 1
    return batch.clashes % clashesAtMost === 0 ? 'away' : [batch]
  }

  function afterRefusal(batch: Batch, error: unknown): readonly Batch[] {
    batch.refusals += 1
    if (batch.refusals < refusalsAtMost) return [batch]
    if (batch.lines.length > 1) return halvesOf(batch)
    onWritten('lost', 1)
    onLost(batch.lines[0]?.id ?? '', error)
    return []
  }

  return { write, again }
}

/**
 * Without what was told before. Where another node writes the same in this moment, its key refuses this batch, and it is there when it is tried
 * again.
 */
async function newOf(lines: readonly Line[], store: Pick<DecisionStore, 'known'>): Promise<readonly Line[]> {
  const told = lines.filter(({ isTold }) => isTold === true)
  if (told.length === 0) return lines
  const there = new Set(await store.known(told.map(({ id }) => id)))
  return lines.filter(({ id, isTold }) => {
    const isNew = isTold !== true || !there.has(id)
    there.add(id)
    return isNew
  })
}

function halvesOf({ lines }: Batch): Batch[] {
  const middle = Math.ceil(lines.length / 2)
  return [lines.slice(0, middle), lines.slice(middle)].map((half) => ({
    lines: half,
    ...untried,
  }))
}
