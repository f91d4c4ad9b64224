/** What a service does without being asked: deliver its outbox, run its jobs and tickers, keep the audit tree, follow the feeds. */
import { z } from 'zod'
import { createDispatcher, forgetApplied } from '../db/index.ts'
import { createJobRunner, createTickers, migrateJobs, sweepJobs, ticker, type Job } from '../jobs/index.ts'
import { forgetOldKeys } from '../resilience/index.ts'
import type { DecisionReports } from './decision-reports.ts'
import type { Assembled, Kit, Service } from './define.ts'
import { messagePath, type Delivery } from './messages.ts'
import type { createServiceMetrics } from './metrics.ts'
import { followFeeds, patiently } from './feeds.ts'

interface Options {
  readonly service: Service
  readonly kit: Kit<Record<string, unknown>>
  readonly assembled: Assembled
  readonly metrics: ReturnType<typeof createServiceMetrics>
  readonly reports: DecisionReports
}

/** @returns what ends it all; resolves when the work in hand is finished. */
export async function startBackground({
  service,
  kit,
  assembled,
  metrics,
  reports,
}: Options): Promise<() => Promise<void>> {
  const ends = new AbortController()
  const feeds = followFeeds(service, kit, ends.signal, metrics.bundleAsked)
  const dispatcher = createDispatcher({
    database: kit.database,
    deliver: async (to, { id, topic, payload }) => {
      const body: z.input<typeof Delivery> = { id, topic, payload }
      await kit.peers.peer(to).call({
        method: 'POST',
        path: messagePath,
        body,
        reply: z.object({ applied: z.boolean() }),
        unguarded: true,
        carryCorrelation: false,
      })
    },
    report: ({ outcome, topic, to, error }) => {
      metrics.outboxDelivered(outcome)
      if (error !== undefined)
        kit.log.warn('message not delivered', { topic, to, outcome, cause: String(error) })
    },
  })
  await dispatcher.start()
  const url = kit.config.databaseUrl.reveal()
  const tickers = createTickers({
    url,
    tickers: [...(assembled.tickers ?? []), housekeeping(kit), kit.audit.ticker],
    report: ({ ticker: name, error }) => {
      if (error !== undefined) kit.log.error('ticker failed', error, { name })
    },
  })
  tickers.start()
  const stopJobs = await startJobs(url, assembled.jobs ?? [], kit)
  const complain = patiently(kit, 'decision log')
  const telling = setInterval(() => void reports.flush().catch(complain), 1000).unref()
  return async () => {
    ends.abort()
    clearInterval(telling)
    await reports.flush().catch(() => {})
    await Promise.all([feeds, dispatcher.stop(), tickers.stop(), stopJobs()])
  }
}

/** The queue is set up only for a service that has jobs: it costs connections and memory. */
async function startJobs(
  url: string,
  jobs: readonly Job<never>[],
  kit: Options['kit'],
): Promise<() => Promise<void>> {
  if (jobs.length === 0) return async () => {}
  await migrateJobs(url)
  const runner = createJobRunner({
    url,
    jobs,
    report: ({ job, error }) => {
      if (error !== undefined) kit.log.error('job failed', error, { job })
    },
  })
  await runner.start()
  return () => runner.stop()
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
      await sweepJobs(kit.database)
    },
  })
}
