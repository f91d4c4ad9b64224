/**
 * Every decision leaves a line, or is none. Lines of many are written together, in one transaction with the digest of the batch in the audit
 * log; a database that is away makes decisions wait or fail, and never lets them go by unwritten.
 * Whoever waits is let go when their own lines are safe, however many come meanwhile.
 */
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { createBatches, type Batch, type Parts } from './batches.ts'
import { fault } from './faults.ts'
import { createQueue, refuse, written, type Waiting } from './queue.ts'
import type { Redact } from './redaction.ts'
import type { Decision, Line, LogMode } from './schema.ts'
import { sealed } from './sealing.ts'

/** A decision of which the rest is put together only when it is kept. */
export interface Keepable extends Pick<Decision, 'decision'> {
  /** Where it was made it was chosen out of many already; and whoever tells of it may tell it twice, under the same id. */
  readonly isTold?: true
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
/** Whoever asks faster than can be written waits for it as well. */
const behindAt = 1_000
const soonMs = 200
const latestMs = 5_000
const saltBytes = 16
const saltsAtOnce = 256

export function createDecisionLog({ mode, allowedShare, random, ...needs }: Needs) {
  const batches = createBatches(needs)
  const queue = createQueue()
  const salt = createSalts(needs.salt)
  let isWriting = false
  let timer: NodeJS.Timeout | undefined
  let pauseMs = soonMs

  /** @throws Fault policy.decisions.unwritten */
  async function keep(decisions: readonly Keepable[]): Promise<void> {
    const lines = linesOf(decisions)
    const those = added(lines)
    if (mode === 'required' || queue.count() > behindAt) return safe(those, lines)
    if (those.length > 0) later()
  }

  /** What is kept is written when it is done. @throws Fault policy.decisions.unwritten */
  async function keepSafe(decisions: readonly Keepable[]): Promise<void> {
    const lines = linesOf(decisions)
    return safe(added(lines), lines)
  }

  /** What waits now is written when it is done. @throws Fault policy.decisions.unwritten */
  function flush(): Promise<void> {
    const all = queue.all()
    return safe(
      all,
      all.flatMap(({ batch }) => batch.lines),
    )
  }

  /** @returns the batches that they are in, each once */
  const added = (lines: readonly Line[]): readonly Waiting[] => [...new Set(lines.map(queue.add))]

  function linesOf(decisions: readonly Keepable[]): readonly Line[] {
    const kept = mode === 'off' ? [] : decisions.filter(isKept)
    if (kept.length === 0) return []
    if (queue.count() + kept.length > waitingAtMost || queue.bytes() > waitingBytesAtMost)
      throw fault.unwritten()
    return kept.map((one) => lineOf(one, salt()))
  }

  const isKept = ({ decision, isTold }: Keepable): boolean =>
    isTold === true || !decision || allowedShare >= 1 || random() < allowedShare

  function lineOf({ isTold, whole }: Keepable, salt: Uint8Array): Line {
    const decision = whole()
    const seen = decision.seen === null ? null : needs.redact(decision.seen)
    const line = sealed(seen === decision.seen ? decision : { ...decision, seen }, salt)
    return isTold === true ? { ...line, isTold } : line
  }

  async function safe(those: readonly Waiting[], lines: readonly Line[]): Promise<void> {
    if (those.length === 0) return
    begin()
    const theirs = new Set(lines)
    await Promise.all(those.map((one) => written(one, theirs)))
  }

  function later(): void {
    timer ??= setTimeout(begin, pauseMs).unref()
  }

  function begin(): void {
    clearTimeout(timer)
    timer = undefined
    if (!isWriting) void writeAll()
  }

  async function writeAll(): Promise<void> {
    isWriting = true
    let isThere = true
    for (let one = queue.first(); one !== undefined && isThere; one = queue.first()) {
      isThere = await hasTaken(one)
      needs.onBehind(secondsBehind())
    }
    // In the turn in which nothing waited: whoever comes in the next one begins anew.
    isWriting = false
    pauseMs = isThere ? soonMs : Math.min(pauseMs * 2, latestMs)
    if (!isThere && queue.count() > 0) later()
  }

  /** Whether the database is there: what it says of one batch is about no other. */
  async function hasTaken(one: Waiting): Promise<boolean> {
    try {
      needs.onWritten('written', await batches.write(one.batch))
      one.heard.resolve(queue.replaceFirst([]))
      return true
    } catch (error) {
      needs.onWritten('failed', one.batch.lines.length)
      const next = batches.again(one.batch, error)
      if (next === 'away') putOff(error)
      else tryAgain(one, next, error)
      return next !== 'away'
    }
  }

  /** Each of those who wait would wait for the same database, one after the other. Of what stays here, nobody waits who was not told already. */
  function putOff(error: unknown): void {
    const refused = queue.all()
    if (mode === 'required') queue.clear()
    for (const waiting of refused) refuse(waiting, fault.unwritten(error))
  }

  /** Whoever waits waits on, and is refused only when their own line is given up. */
  function tryAgain(one: Waiting, next: readonly Batch[], error: unknown): void {
    if (next.includes(one.batch)) return
    const parts = queue.replaceFirst(next)
    if (parts.length > 0) one.heard.resolve(parts)
    else refuse(one, fault.unwritten(error))
  }

  function secondsBehind(): number {
    const oldest = queue.oldest()
    return oldest === undefined ? 0 : Math.max(0, (needs.clock.now().getTime() - oldest.at.getTime()) / 1000)
  }

  return { keep, keepSafe, flush }
}

/** Each is given once. Drawn many at once: a thousand little draws cost as much as what they are for. */
function createSalts(draw: Needs['salt']): () => Uint8Array {
  let drawn: Uint8Array = new Uint8Array()
  return () => {
    if (drawn.length === 0) drawn = draw(saltBytes * saltsAtOnce)
    const one = drawn.subarray(0, saltBytes)
    drawn = drawn.subarray(saltBytes)
    return one
  }
}
export type DecisionLog = ReturnType<typeof createDecisionLog>
