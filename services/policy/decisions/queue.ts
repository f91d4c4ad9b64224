/**
 * What waits to be written, in the order in which it came, in the batches that it is written in. Who waits, waits for the batches of their own
 * lines and for nothing that came later. What is being written takes its room until it is there or given up.
 */
import { untried, type Batch } from './batches.ts'
import type { Line } from './schema.ts'

export interface Waiting {
  readonly batch: Batch
  readonly bytes: number
  /** Settled when it is written, with none; when others are tried in its place, with those; or when those who wait are refused. */
  heard: PromiseWithResolvers<readonly Waiting[]>
}

interface Open {
  readonly batch: Batch & { readonly lines: Line[] }
  bytes: number
  heard: Waiting['heard']
}

const batchAtMost = 500

export function createQueue() {
  let waiting: Waiting[] = []
  /** The last one, until it is full or its turn has come. */
  let open: Open | undefined

  function opened(): Open {
    open = { batch: { lines: [], ...untried }, bytes: 0, heard: heardLater() }
    waiting.push(open)
    return open
  }

  return {
    /** @returns what it is written with */
    add(line: Line): Waiting {
      const one = open !== undefined && open.batch.lines.length < batchAtMost ? open : opened()
      one.batch.lines.push(line)
      one.bytes += bytesOf(line)
      return one
    },

    /** Whose turn it is: nothing comes into it any more, and it stays the first until it is replaced. */
    first(): Waiting | undefined {
      if (waiting[0] === open) open = undefined
      return waiting[0]
    },

    /** It is written, or given up, for what is to be tried in its place: whoever waits for it waits for the part that their lines are in. */
    replaceFirst(by: readonly Batch[]): readonly Waiting[] {
      const parts = by.map(waitingFor)
      waiting.splice(0, 1, ...parts)
      return parts
    },

    clear(): void {
      waiting = []
      open = undefined
    },

    all: (): readonly Waiting[] => [...waiting],
    oldest: (): Line | undefined => waiting[0]?.batch.lines[0],
    count: () => waiting.reduce((sum, { batch }) => sum + batch.lines.length, 0),
    bytes: () => waiting.reduce((sum, one) => sum + one.bytes, 0),
  }
}

/** Done when these lines are written, whatever becomes of others that came into the batch with them. */
export async function written(one: Waiting, lines: ReadonlySet<Line>): Promise<void> {
  const parts = await one.heard.promise
  const theirs = parts.filter(({ batch }) => batch.lines.some((line) => lines.has(line)))
  await Promise.all(theirs.map((part) => written(part, lines)))
}

/** Whoever comes to wait for it from now on waits for its next try. */
export function refuse(one: Waiting, error: unknown): void {
  one.heard.reject(error)
  one.heard = heardLater()
}

const waitingFor = (batch: Batch): Waiting => ({
  batch,
  bytes: batch.lines.reduce((sum, line) => sum + bytesOf(line), 0),
  heard: heardLater(),
})

/** Most of the time nobody waits, and what nobody hears is no error of the process. */
function heardLater(): Waiting['heard'] {
  const heard = Promise.withResolvers<readonly Waiting[]>()
  heard.promise.catch(() => {})
  return heard
}

const bytesOf = ({ text, seen }: Line): number => 2 * (text.length + seen.length)
