/**
 * Every decision leaves a line, or is none. Lines of many are written together, in one transaction with the digest of the batch in the audit
 * log; a database that is away makes decisions wait or fail, and never lets them go by unwritten.
 */
import { createHash } from 'node:crypto'
import { canonicalJson } from '@althing/kernel/crypto/canonical.ts'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import type { Decision, LogMode } from './schema.ts'
import type { DecisionStore } from './store.ts'

interface Parts {
  readonly store: DecisionStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly mode: LogMode
  /** Of what is allowed, which part: 1 is all. What is denied is always written. */
  readonly allowedShare: number
  /** Between 0 and 1. */
  readonly random: () => number
  readonly onWritten: (outcome: 'written' | 'failed', count: number) => void
}

/** Beyond it whoever asks is refused: a log that is behind by so much is away. */
const waitingAtMost = 10_000
const batchAtMost = 500
const soonMs = 200
const actor = 'service:policy'

export function createDecisionLog({ atomically, mode, allowedShare, random, onWritten }: Needs) {
  let waiting: Decision[] = []
  let writing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  /** @throws Fault policy.decisions.unwritten */
  async function keep(decisions: readonly Decision[]): Promise<void> {
    if (mode === 'off') return
    const kept = decisions.filter(({ decision }) => !decision || allowedShare >= 1 || random() < allowedShare)
    if (kept.length === 0) return
    if (waiting.length + kept.length > waitingAtMost) throw fault.unwritten()
    waiting.push(...kept)
    // Whoever asks faster than can be written waits for it as well.
    if (mode === 'required' || waiting.length > 2 * batchAtMost) return flush()
    timer ??= setTimeout(() => void flush().catch(() => {}), soonMs).unref()
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
        onWritten('written', batch.length)
      } catch (error) {
        onWritten('failed', batch.length)
        // Those who wait for it are refused; those who do not have been told already, so it is tried again.
        if (mode === 'soon') waiting = [...batch, ...waiting]
        throw fault.unwritten(error)
      }
    }
  }

  return { keep, flush }
}
export type DecisionLog = ReturnType<typeof createDecisionLog>

async function write({ store, record }: Parts, batch: readonly Decision[]): Promise<void> {
  const hashes = batch.map(hashOf)
  const number = await store.nextBatch()
  await store.add(number, batch, hashes)
  const target = { type: 'DecisionBatch', id: String(number) }
  await record({
    action: 'decisions.logged',
    actor,
    target,
    outcome: 'done',
    fields: [String(batch.length), digestOf(hashes)],
  })
}

/** SHA-256 of the row's canonical JSON. */
export function hashOf({ at, ...decision }: Decision): Buffer {
  const line = canonicalJson({ ...decision, at: at.toISOString() })
  return createHash('sha256').update(line).digest()
}

/** Of a batch: the hashes of its rows, one after the other. */
export function digestOf(hashes: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const one of hashes) hash.update(one)
  return hash.digest('hex')
}
