/** What becomes of letters, with what it is lent: whose mailbox an address is, the queue in which letters wait, and who is to see that somebody is not reached. */
import { mailFault, type Mail } from '@althing/kernel/mail'
import { jobUnderWay, queuedJobs, retryJobs, type Job } from '@althing/kernel/jobs'
import { createAccountStore } from './accounts/store.ts'
import type { Alerts } from './alerts/rules.ts'
import { unreachedJob } from './deliveries/jobs.ts'
import { createDeliveries, type Deliveries } from './deliveries/rules.ts'
import { createDeliveryStore } from './deliveries/store.ts'
import type { IdentityKit } from './kit.ts'
import type { Post } from './letters.ts'
import type { Metrics } from './metrics.ts'

export interface ComposedDeliveries {
  readonly deliveries: Deliveries
  readonly deliveryJobs: readonly Job<never>[]
}

interface Lent {
  /** Alerts are told by letters too, and come after them. */
  readonly raise: Alerts['raise']
  /** Of each carrier that keeps lists of its own. */
  readonly releases: readonly ((address: string) => Promise<void>)[]
}

export function composeDeliveries(
  kit: IdentityKit,
  metrics: Metrics,
  { raise, releases }: Lent,
): ComposedDeliveries {
  const { config, clock, ids, database, atomic, log } = kit
  const { byEmail } = createAccountStore(database)
  // Mild: it stands in the feed, and a list of old addresses that comes back buries nothing that is told.
  const unreached = unreachedJob((account, at) =>
    raise({ kind: 'mail-held-back', severity: 'low', account, network: null, signals: [], at }),
  )
  const deliveries = createDeliveries({
    clock,
    ids,
    store: createDeliveryStore(database),
    accountOf: async (address) => (await byEmail(address))?.id ?? null,
    jobUnderWay,
    refuse: mailFault.invalid,
    async release(address) {
      if (releases.length === 0) return 'without_lists'
      try {
        await Promise.all(releases.map((release) => release(address)))
        return 'released'
      } catch (error) {
        log.warn('a carrier did not take a mailbox off its lists', { cause: String(error) })
        return 'kept'
      }
    },
    queued: () => queuedJobs(database),
    keepDays: config.deliveryDays,
    counted: metrics.delivered,
    atomically: atomic((db, tx) => ({
      store: createDeliveryStore(db),
      record: (entry) => tx.record(entry),
      retry: (job) => retryJobs(db, job),
      enqueueHeld: (account, at) => unreached.enqueue(db, { account, at: at.toISOString() }),
    })),
  })
  return { deliveries, deliveryJobs: [unreached as Job<never>] }
}

/** A carrier whose letters leave a line each. */
export const tracked = (mail: Mail, { send }: Pick<Deliveries, 'send'>): Post => ({
  send: ({ account, why, ...message }) =>
    send({ channel: 'mail', to: message.to, subject: message.subject, account, why }, (id, despite) =>
      mail.send({ ...message, id, ...(despite === undefined ? {} : { despite }) }),
    ),
})
