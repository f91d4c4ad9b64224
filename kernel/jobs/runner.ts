import {
  Logger,
  parseCronItems,
  run,
  runMigrations,
  type JobHelpers,
  type Runner,
  type TaskList,
} from 'graphile-worker'
import { Pool, type Client, type PoolClient } from 'pg'
import type { Job } from './job.ts'
import { underWay } from './under-way.ts'

export interface JobEvent {
  job: string
  outcome: 'done' | 'failed'
  attempt: number
  durationMs: number
  error?: unknown
}

export interface JobRunnerOptions {
  /** The service's database: its own role owns the queue's schema there too. */
  url: string
  jobs: readonly Job<never>[]
  concurrency?: number
  /** For metrics and the log. */
  report?: (event: JobEvent) => void
}

/** The queue's tables. Before the first `enqueue`; any number of processes may do it at once. */
export async function migrateJobs(url: string): Promise<void> {
  const { pool, close } = openPool(url, 1)
  try {
    await runMigrations({ pgPool: pool, logger: silent })
  } finally {
    await close()
  }
}

/**
 * The library ends a pool of its own without waiting for it, and stops listening to its errors before: a connection that is cut in
 * that moment would end the process. It can also keep the connection on which it listens, when it is stopped as soon as it has
 * begun, and still be writing on another: `close` lets each say what it has begun to say, and then ends it, given back or not.
 */
function openPool(url: string, max: number) {
  const pool = new Pool({ connectionString: url, max })
  const clients = new Set<PoolClient>()
  let isClosing = false
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    clients.add(client.on('error', () => {}))
    // Asked for before the end, and there only now.
    if (isClosing) void endQuietly(client)
  })
  pool.on('remove', (client) => void clients.delete(client))
  async function close() {
    isClosing = true
    void pool.end()
    await Promise.all([...clients].map(endQuietly))
  }
  return { pool, close }
}

async function endQuietly(client: PoolClient): Promise<void> {
  await client.query('select').catch(nothing)
  // Whoever waited for its own statement is told before us, and may have one more to send.
  await client.query('select').catch(nothing)
  await (client as unknown as Client).end()
}

/**
 * Runs the jobs of one service on this node; any number of nodes share one queue. A job whose node died is taken up by
 * another after four hours, which is the library's number: work that cannot wait so long belongs in a ticker or the outbox.
 */
export function createJobRunner({ url, jobs, concurrency = 2, report }: JobRunnerOptions) {
  let runner: Runner | undefined
  let opened: ReturnType<typeof openPool> | undefined
  return {
    async start() {
      opened = openPool(url, concurrency + 2)
      runner = await run({
        pgPool: opened.pool,
        concurrency,
        // Signals are the service's: it stops taking requests before it stops working.
        noHandleSignals: true,
        logger: silent,
        taskList: Object.fromEntries(jobs.map((job) => [job.name, createTask(job, report)])) as TaskList,
        parsedCronItems: parseCronItems(
          jobs.flatMap(({ name, cron }) =>
            cron === undefined ? [] : [{ task: name, match: cron, options: { backfillPeriod: 0 } }],
          ),
        ),
      })
      // The library's promise is rejected when a worker fails for good; `stop` awaits it, nobody else needs to.
      runner.promise.catch(() => {})
    },
    /** Takes nothing new and waits for what is running. */
    async stop() {
      const [stopping, ending] = [runner, opened]
      runner = opened = undefined
      await stopping?.stop()
      await ending?.close()
    },
  }
}

function createTask(job: Job<never>, report: JobRunnerOptions['report']) {
  return async (payload: unknown, helpers: JobHelpers) => {
    const attempt = helpers.job.attempts
    const started = performance.now()
    const event = () => ({ job: job.name, attempt, durationMs: performance.now() - started })
    const context = { attempt, signal: helpers.abortSignal ?? new AbortController().signal }
    const failed = await underWay(helpers.job.id, () => job.execute(withoutCron(payload), context)).then(
      nothing,
      (error: unknown) => ({ error }),
    )
    if (failed !== undefined) {
      report?.({ ...event(), outcome: 'failed', error: failed.error })
      // The library keeps message and stack of what we throw in its table: a word is enough there, and it quotes nobody.
      throw new Error(failed.error instanceof Error ? failed.error.name : 'failed')
    }
    report?.({ ...event(), outcome: 'done' })
  }
}

const nothing = () => undefined

/** The library adds `_cron` to what a schedule starts; strict schemas would refuse it. */
function withoutCron(payload: unknown) {
  if (typeof payload !== 'object' || payload === null || !('_cron' in payload)) return payload
  const { _cron, ...rest } = payload
  return rest
}

/** What it would log quotes payloads; what matters is reported. */
const silent = new Logger(() => () => {})
