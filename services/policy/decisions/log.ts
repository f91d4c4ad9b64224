/**
 * Every decision leaves a line, or is none. Lines of many are written together, in one transaction with the digest of the batch in the audit
 * log; a database that is away makes decisions wait or fail, and never lets them go by unwritten.
 */
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { createBatches, type Batch, type Parts } from './batches.ts'
import { fault } from './faults.ts'
import type { Redact } from './redaction.ts'
import type { Decision, Line, LogMode } from './schema.ts'
import { sealed } from './sealing.ts'

/** A decision of which the rest is put together only when it is kept. */
export interface Keepable extends Pick<Decision, 'decision'> {
  /** Out of many already, where it was made. */
  readonly isChosen?: true
  /** Asked for before anything is waited for. */
  whole(): Decision
}

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly clock: Clock
  readonly mode: LogMode
  /** Of what is allowed, which part: 1 is all. What is denied is always written. */
  readonly allowedShare: number
  /** Between 0 and 1. */
  readonly random: () => number
  /** So many bytes that nobody can guess. */
  readonly salt: (bytes: number) => Uint8Array
  readonly redact: Redact
  readonly onWritten: (outcome: 'written' | 'failed' | 'lost', count: number) => void
  /** For how long the oldest has waited. */
  readonly onBehind: (seconds: number) => void
  /** The table takes this line in no way: it is given up, so that the others are written. */
  readonly onLost: (decision: string, error: unknown) => void
}

/** Beyond it whoever asks is refused: a log that is behind by so much is away. */
const waitingAtMost = 10_000
const waitingBytesAtMost = 64 * 2 ** 20
const batchAtMost = 500
const soonMs = 200
const latestMs = 5_000
const saltBytes = 16

export function createDecisionLog({ mode, allowedShare, random, ...needs }: Needs) {
  const batches = createBatches(needs)
  let waiting: Line[] = []
  let waitingBytes = 0
  /** What has been tried and may be there or not. */
  let inHand: Batch[] = []
  let writing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let pauseMs = soonMs

  /** @throws Fault policy.decisions.unwritten */
  async function keep(decisions: readonly Keepable[]): Promise<void> {
    if (mode === 'off') return
    const kept = decisions.filter(
      ({ decision, isChosen }) =>
        isChosen === true || !decision || allowedShare >= 1 || random() < allowedShare,
    )
    if (kept.length === 0) return
    if (count() + kept.length > waitingAtMost || waitingBytes > waitingBytesAtMost) throw fault.unwritten()
    // Drawn at once: a thousand little draws cost as much as what they are for.
    const salts = needs.salt(saltBytes * kept.length)
    for (const [n, one] of kept.entries())
      add(one.whole(), salts.subarray(n * saltBytes, (n + 1) * saltBytes))
    // Whoever asks faster than can be written waits for it as well.
    if (mode === 'required' || count() > 2 * batchAtMost) return flush()
    later()
  }

  const count = () => waiting.length + inHand.reduce((sum, { lines }) => sum + lines.length, 0)

  function add(decision: Decision, salt: Uint8Array): void {
    const seen = decision.seen === null ? null : needs.redact(decision.seen)
    const line = sealed(seen === decision.seen ? decision : { ...decision, seen }, salt)
    waiting.push(line)
    waitingBytes += 2 * (line.text.length + line.seen.length)
  }

  function later(): void {
    timer ??= setTimeout(() => void flush().catch(later), pauseMs).unref()
  }

  /** Everything that waits now is safe when it is done; those who come meanwhile go with the next. */
  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    await (writing ?? Promise.resolve())
    if (count() === 0) return
    writing ??= writeAll().finally(() => (writing = undefined))
    return writing
  }

  async function writeAll(): Promise<void> {
    try {
      while (count() > 0) await writeOne()
      pauseMs = soonMs
      waitingBytes = 0
    } catch (error) {
      pauseMs = Math.min(pauseMs * 2, latestMs)
      throw error
    } finally {
      needs.onBehind(secondsBehind())
    }
  }

  async function writeOne(): Promise<void> {
    const batch = inHand.shift() ?? { lines: waiting.splice(0, batchAtMost), number: null, tries: 0 }
    try {
      needs.onWritten('written', await batches.write(batch))
    } catch (error) {
      needs.onWritten('failed', batch.lines.length)
      // Those who wait for it are refused; those who do not have been told already, so it is tried again.
      if (mode === 'soon') inHand = [...batches.again(batch, error), ...inHand]
      throw fault.unwritten(error)
    }
  }

  function secondsBehind(): number {
    const oldest = (inHand[0]?.lines ?? waiting)[0]
    return oldest === undefined ? 0 : Math.max(0, (needs.clock.now().getTime() - oldest.at.getTime()) / 1000)
  }

  return { keep, flush }
}
export type DecisionLog = ReturnType<typeof createDecisionLog>
