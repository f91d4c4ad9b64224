/** What policy tells of emergency access becomes letters and an alert. */
import { receive, type Receives } from '@althing/kernel/service'
import { emergencyChanged, EmergencyChanged } from '@althing/policy/contract'
import { createAccountStore } from './accounts/store.ts'
import type { createAlerts } from './alerts/rules.ts'
import { marking } from './compose-overrides.ts'
import { emergencyJob } from './emergencies/jobs.ts'
import { tellEmergency } from './emergencies/rules.ts'
import type { IdentityKit } from './kit.ts'
import type { NoticeKind } from './notices/schema.ts'

type Db = Parameters<typeof createAccountStore>[0]

interface Lent {
  readonly alerts: Pick<ReturnType<typeof createAlerts>, 'raise'>
  readonly notifyIn: (
    db: Db,
  ) => (account: string, kind: NoticeKind, detail: string, at: string) => Promise<void>
}

export function composeEmergencies(kit: Pick<IdentityKit, 'clock' | 'chance'>, { alerts, notifyIn }: Lent) {
  const job = emergencyJob(({ account, state, at }) =>
    alerts.raise({
      kind: 'emergency-access',
      severity: state === 'asked' ? 'medium' : 'high',
      account,
      network: null,
      signals: [],
      at: new Date(at),
    }),
  )
  const emergencyReceives: Receives[] = [
    receive(emergencyChanged, { from: ['policy'], payload: EmergencyChanged }, (fact, db) => {
      const accounts = createAccountStore(db)
      return tellEmergency(fact, {
        now: () => kit.clock.now(),
        isFirst: marking(kit, db),
        nameOf: async (account) => (await accounts.byId(account))?.name ?? null,
        administrators: async () => (await accounts.administrators()).map(({ id }) => id),
        notify: notifyIn(db),
        enqueue: (seen) => job.enqueue(db, seen),
      })
    }),
  ]
  return { emergencyReceives, emergencyJobs: [job] }
}
