/**
 * Every decision leaves a line, or is none. Lines of many are written together, in one transaction with the digest of the batch in the audit
 * log; a database that is away makes decisions wait or fail, and never lets them go by unwritten.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import type { Redact } from './redaction.ts'
import type { Decision, Line, LogMode } from './schema.ts'
import { digestOf, sealed } from './sealing.ts'
import type { DecisionStore } from './store.ts'

interface Parts {
  readonly store: DecisionStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

/** A decision of which the rest is put together only when it is kept. */
export interface Keepable extends Pick<Decision, 'decision'> {
  /** Out of many already, where it was made. */
  readonly isChosen?: true
  /** Asked for before anything is waited for. */
  whole(): Decision
}

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly mode: LogMode
  /** Of what is allowed, which part: 1 is all. What is denied is always written. */
  readonly allowedShare: number
  /** Between 0 and 1. */
  readonly random: () => number
  /** So many bytes that nobody can guess. */
  readonly salt: (bytes: number) => Uint8Array
  readonly redact: Redact
  readonly onWritten: (outcome: 'written' | 'failed', count: number) => void
}

/** Beyond it whoever asks is refused: a log that is behind by so much is away. */
const waitingAtMost = 10_000
const batchAtMost = 500
const soonMs = 200
const saltBytes = 16
const actor = 'service:policy'
/** Under this name the digest of a batch stands in the audit log. */
export const logged = { action: 'decisions.logged', type: 'DecisionBatch' } as const

export function createDecisionLog({ atomically, mode, allowedShare, random, ...needs }: Needs) {
  let waiting: Line[] = []
  let writing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  /** @throws Fault policy.decisions.unwritten */
  async function keep(decisions: readonly Keepable[]): Promise<void> {
    if (mode === 'off') return
    const kept = decisions.filter(
      ({ decision, isChosen }) =>
        isChosen === true || !decision || allowedShare >= 1 || random() < allowedShare,
    )
    if (kept.length === 0) return
    if (waiting.length + kept.length > waitingAtMost) throw fault.unwritten()
    waiting.push(...kept.map((one) => lineOf(one.whole())))
    // Whoever asks faster than can be written waits for it as well.
    if (mode === 'required' || waiting.length > 2 * batchAtMost) return flush()
    timer ??= setTimeout(() => void flush().catch(() => {}), soonMs).unref()
  }

  function lineOf(decision: Decision): Line {
    const seen = decision.seen === null ? null : needs.redact(decision.seen)
    return sealed({ ...decision, seen }, needs.salt(saltBytes))
  }

  /** Everything that waits now is safe when it is done; those who come meanwhile go with the next. */
  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    await (writing ?? Promise.resolve())
    if (waiting.length === 0) return
    writing ??= writeAll().finally(() => (writing = undefined))
    return writing
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchAtMost)
      try {
        await atomically((parts) => write(parts, batch))
        needs.onWritten('written', batch.length)
      } catch (error) {
        needs.onWritten('failed', batch.length)
        // Those who wait for it are refused; those who do not have been told already, so it is tried again.
        if (mode === 'soon') waiting = [...batch, ...waiting]
        throw fault.unwritten(error)
      }
    }
  }

  return { keep, flush }
}
export type DecisionLog = ReturnType<typeof createDecisionLog>

async function write({ store, record }: Parts, batch: readonly Line[]): Promise<void> {
  const number = await store.nextBatch()
  await store.add(number, batch)
  await record({
    action: logged.action,
    actor,
    target: { type: logged.type, id: String(number) },
    outcome: 'done',
    fields: [String(batch.length), digestOf(batch)],
  })
}
