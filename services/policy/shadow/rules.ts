/**
 * A draft tried on real questions: beside each decision, or a share of them, the one is made that it would make, in the same world and the same
 * moment. Nobody is told it and nothing waits for it; what it breaks breaks only itself. When nothing is tried it costs one comparison.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import type { Prepared, Question, Ruling, Snapshot } from '../deciding.ts'
import { fault } from './faults.ts'
import type { Otherwise, Running, ShadowShown } from './schema.ts'
import type { ShadowStore } from './store.ts'

interface Parts {
  readonly store: ShadowStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

type Outcome = 'same' | 'would-allow' | 'would-deny' | 'failed'

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly clock: Clock
  /** Between 0 and 1. */
  readonly random: () => number
  /** With what is in force; null when there is no such open draft, and without `prepared` when it is not right. */
  readonly draft: (
    id: string,
  ) => Promise<{ readonly version: number; readonly prepared: Prepared | null } | null>
  /** Whether there ever was one, whatever became of it. */
  readonly isKnown: (id: string) => Promise<boolean>
  readonly counted: (outcome: Outcome) => void
  readonly onLost: (error: unknown) => void
}

interface Tried {
  readonly draft: string
  readonly version: number
  readonly share: number
  readonly prepared: Prepared
}

/** Beyond it differences are counted and not kept. */
const waitingAtMost = 1000

export function createShadow({ atomically, clock, random, draft, isKnown, counted, onLost }: Needs) {
  let tried: Tried | undefined
  let waiting: Otherwise[] = []
  let [compared, differed] = [0, 0]

  /** What the table says: at the start, whenever it changes, and when other policies have come into force. */
  async function follow(): Promise<void> {
    const running = await atomically(({ store }) => store.running())
    const found = running === null ? null : await draft(running.draft)
    const isSame = running !== null && found?.version === running.version && found.prepared !== null
    // A draft that was changed is another one, and one that fits no more is none.
    tried = isSame ? { ...running, prepared: found.prepared as Prepared } : undefined
  }

  /** Called with a decision while its world stands still; never fails, and never waits. */
  function beside(question: Question, ruling: Ruling, snapshot: Pick<Snapshot, 'decide'>): void {
    if (tried === undefined || (tried.share < 1 && random() >= tried.share)) return
    try {
      const other = snapshot.decide(question, tried.prepared.set)
      compared += 1
      if (other.decision === ruling.decision) return counted('same')
      differed += 1
      counted(other.decision ? 'would-allow' : 'would-deny')
      if (waiting.length < waitingAtMost) waiting.push(differenceOf(tried, question, ruling, other))
    } catch {
      counted('failed')
    }
  }

  function differenceOf(
    { draft: of, version }: Tried,
    { principal, action, resource }: Question,
    ruling: Ruling,
    other: Ruling,
  ): Otherwise {
    return {
      at: clock.now(),
      draft: of,
      version,
      subject: { type: principal.type, id: principal.id },
      action,
      resource: { type: resource.type, id: resource.id },
      decision: ruling.decision,
      determining: [...ruling.determining],
      wouldBe: other.decision,
      wouldBy: [...other.determining],
      errors: other.errors.map(({ policy }) => policy),
    }
  }

  /** Every second, and at the end. */
  async function flush(): Promise<void> {
    if (tried === undefined || compared === 0) return
    const [kept, all, other, { draft: of }] = [waiting, compared, differed, tried]
    ;[waiting, compared, differed] = [[], 0, 0]
    try {
      await atomically(async ({ store }) => {
        await store.count(of, all, other)
        if (kept.length > 0) await store.keep(kept)
      })
    } catch (error) {
      onLost(error)
    }
  }

  async function start(id: string, share: number, by: string): Promise<ShadowShown> {
    const found = await draft(id)
    if (found === null) throw fault.no_draft()
    if (found.prepared === null) throw fault.unfit()
    const { version } = found
    await atomically(async ({ store, record }) => {
      const running = await store.running()
      if (running?.draft === id) await store.end(id)
      if (!(await store.start({ draft: id, version, share, startedBy: by, startedAt: clock.now() })))
        throw fault.taken()
      await record(lineOf('policy.shadow_started', id, by, [`share ${share}`]))
    })
    await follow()
    return show(id, 100)
  }

  async function end(id: string, by: string): Promise<ShadowShown> {
    await flush()
    await atomically(async ({ store, record }) => {
      if (!(await store.end(id))) throw fault.not_running()
      await record(lineOf('policy.shadow_ended', id, by, []))
    })
    await follow()
    return show(id, 100)
  }

  /** Whatever became of the draft: what was found while it was tried. */
  async function look(id: string, limit: number): Promise<ShadowShown> {
    if (!(await isKnown(id))) throw fault.no_draft()
    return show(id, limit)
  }

  async function show(id: string, limit: number): Promise<ShadowShown> {
    return atomically(async ({ store }) => {
      const running = await store.running()
      const differences = await store.differences(id, limit)
      return {
        running: running?.draft === id ? shownRunning(running) : null,
        differences: differences.map(({ at, ...one }) => ({ ...one, at: at.toISOString() })),
      }
    })
  }

  return { follow, beside, flush, start, end, look }
}
export type Shadow = ReturnType<typeof createShadow>

const shownRunning = ({ startedAt, ...running }: Running) => ({
  ...running,
  startedAt: startedAt.toISOString(),
})

const lineOf = (action: string, draft: string, actor: string, fields: readonly string[]): AuditEntry => ({
  action,
  actor,
  target: { type: 'PolicyDraft', id: draft },
  outcome: 'done',
  fields,
})
