/** What somebody agreed to is kept with its version and its time, also when they take it back. Only what is optional can be taken back alone. */
import type { Clock } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { ConsentStore } from './store.ts'

interface Parts {
  readonly store: ConsentStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly store: ConsentStore
  readonly atomically: Atomically<Parts>
  /** Of the texts that are in force. */
  readonly version: string
}

export function createConsents({ clock, store, atomically, version }: Needs) {
  async function setMarketing(account: string, wanted: boolean): Promise<boolean> {
    return atomically(async (parts) => {
      const now = clock.now()
      const changed = wanted
        ? await parts.store.give(account, 'marketing', version, now)
        : await parts.store.withdraw(account, 'marketing', now)
      if (!changed) return false
      await parts.record({
        action: wanted ? 'consents.given' : 'consents.withdrawn',
        actor: `person:${account}`,
        target: { type: 'Account', id: account },
        outcome: 'done',
        fields: ['marketing'],
      })
      return true
    })
  }
  return { setMarketing, historyOf: store.historyOf }
}
export type Consents = ReturnType<typeof createConsents>
