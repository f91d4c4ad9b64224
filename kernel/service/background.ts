/** What a service does without being asked: deliver its outbox, run its jobs and tickers, keep the audit tree, follow the feeds. */
import { z } from 'zod'
import { createDispatcher, forgetApplied } from '../db/index.ts'
import { startJobs, ticker } from '../jobs/index.ts'
import { forgetOldKeys } from '../resilience/index.ts'
import type { Assembled, Kit, Service } from './define.ts'
import { Delivery, messagePath } from './messages.ts'
import type { createServiceMetrics } from './metrics.ts'
import { followFeeds } from './feeds.ts'

interface Options {
  readonly service: Service
  readonly kit: Kit<Record<string, unknown>>
  readonly assembled: Assembled
  readonly metrics: ReturnType<typeof createServiceMetrics>
}

/** @returns what ends it all; resolves when the work in hand is finished. */
export async function startBackground({ service, kit, assembled, metrics }: Options): Promise<() => Promise<void>> {
  const ends = new AbortController()
  const feeds = followFeeds(service, kit, ends.signal)
  const dispatcher = createDispatcher({
    database: kit.database,
    deliver: async (to, { id, topic, payload }) => {
      const body: z.input<typeof Delivery> = { id, topic, payload }
      await kit.peers.peer(to).call({ method: 'POST', path: messagePath, body, reply: z.object({ applied: z.boolean() }), unguarded: true, carryCorrelation: false })
    },
    report: ({ outcome, topic, to, error }) => {
      metrics.outboxDelivered(outcome)
      if (error !== undefined) kit.log.warn('message not delivered', { topic, to, outcome, cause: String(error) })
    },
  })
  await dispatcher.start()
  const stopJobs = await startJobs({
    database: kit.database,
    log: kit.log,
    jobs: assembled.jobs ?? [],
    tickers: [...(assembled.tickers ?? []), housekeeping(kit), kit.audit.ticker],
  })
  return async () => {
    ends.abort()
    await Promise.all([feeds, dispatcher.stop(), stopJobs()])
  }
}

function housekeeping(kit: Kit<Record<string, unknown>>) {
  return ticker({
    name: 'housekeeping',
    everySeconds: 60,
    async run() {
      await kit.database.query('delete from limit_counter where ends_at < now()')
      await kit.database.query('delete from service_nonce where ends_at < now()')
      await forgetOldKeys(kit.database)
      await forgetApplied(kit.database)
    },
  })
}
