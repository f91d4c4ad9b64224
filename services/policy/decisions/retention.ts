/** Decisions are kept for so many days, and then go batch by batch; the audit log keeps that they went, and that they were there. */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { Clock } from '@althing/kernel/context'
import type { DecisionStore } from './store.ts'

interface Needs {
  readonly atomically: Atomically<{
    readonly store: Pick<DecisionStore, 'sweep'>
    readonly record: (entry: AuditEntry) => Promise<void>
  }>
  readonly clock: Clock
  readonly days: number
}

/** Under this name it stands in the audit log up to which batch they went. */
export const swept = { action: 'decisions.swept', type: 'DecisionBatch' } as const

export function createRetention({ atomically, clock, days }: Needs) {
  return {
    /** A part at a time, each in a transaction of its own with its word in the audit log: nobody who writes a decision waits for it. */
    async sweep(): Promise<void> {
      const before = new Date(clock.now().getTime() - days * 86_400_000)
      while (await sweepSome(before));
    },
  }

  function sweepSome(before: Date): Promise<boolean> {
    return atomically(async ({ store, record }) => {
      const gone = await store.sweep(before)
      if (gone === null) return false
      await record({
        action: swept.action,
        actor: 'clock',
        target: { type: swept.type, id: String(gone.through) },
        outcome: 'done',
        fields: [String(gone.rows), String(days)],
      })
      return true
    })
  }
}
