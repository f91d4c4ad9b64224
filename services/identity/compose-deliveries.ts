/** What becomes of letters, with what it is lent: whose mailbox an address is, and the queue in which letters wait. */
import { mailFault, type Mail } from '@althing/kernel/mail'
import { queuedJobs, retryJobs } from '@althing/kernel/jobs'
import { createAccountStore } from './accounts/store.ts'
import { createDeliveries, type Deliveries } from './deliveries/rules.ts'
import { createDeliveryStore } from './deliveries/store.ts'
import type { IdentityKit } from './kit.ts'
import type { Metrics } from './metrics.ts'

export function composeDeliveries(kit: IdentityKit, metrics: Metrics): Deliveries {
  const { config, clock, ids, database, atomic } = kit
  const { byEmail } = createAccountStore(database)
  return createDeliveries({
    clock,
    ids,
    store: createDeliveryStore(database),
    accountOf: async (address) => (await byEmail(address))?.id ?? null,
    refuse: mailFault.invalid,
    queued: () => queuedJobs(database),
    keepDays: config.deliveryDays,
    counted: metrics.delivered,
    atomically: atomic((db, tx) => ({
      store: createDeliveryStore(db),
      record: (entry) => tx.record(entry),
      retry: (job) => retryJobs(db, job),
    })),
  })
}

/** A carrier whose letters leave a line each. */
export const tracked = (mail: Mail, { send }: Pick<Deliveries, 'send'>): Mail => ({
  send: (message) =>
    send({ channel: 'mail', to: message.to, subject: message.subject }, (id) =>
      mail.send({ ...message, id }),
    ),
})
