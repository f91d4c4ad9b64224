import type { z } from 'zod'
import type { Db } from '../db/index.ts'

export interface JobContext {
  /** 1 at the first run. */
  attempt: number
  /** Aborted some seconds after the service was asked to stop: end at a point where running again does no harm. */
  signal: AbortSignal
}

export interface JobOptions<P> {
  /** 'members.import': unique in its service, and for ever, as long as one may be waiting. */
  name: string
  payload: z.ZodType<P>
  /** May run twice (a crash after its work, before its tick): what it does must bear that. */
  run: (payload: P, context: JobContext) => Promise<void>
  /** Then it stays for the operator. The waits between grow from seconds to hours. */
  maxAttempts?: number
  /** What may wait while others are waited for. Of what is due the queue takes this last. */
  isPatient?: boolean
  /** 'minute hour day month weekday', in UTC. The payload schema must then accept `{}`. */
  cron?: string
}

export interface EnqueueOptions {
  runAt?: Date
  /** Of jobs with one key only the latest is kept until it runs. */
  key?: string
}

export interface Job<P = unknown> {
  name: string
  cron: string | undefined
  /** In the caller's transaction: the job exists exactly when the change it belongs to does. */
  enqueue(db: Db, payload: P, options?: EnqueueOptions): Promise<void>
  /** Parses again what lay in the queue, perhaps since the version before. */
  execute(payload: unknown, context: JobContext): Promise<void>
}

/** Work for later, with the same care as a request: a declared shape, checked at both ends. A job is a route without HTTP. */
export function defineJob<P>({
  name,
  payload: schema,
  run,
  maxAttempts = 12,
  isPatient = false,
  cron,
}: JobOptions<P>): Job<P> {
  return {
    name,
    cron,
    async enqueue(db, payload, { runAt, key } = {}) {
      await db.query(
        `select graphile_worker.add_job($1, payload => $2::json, run_at => $3::timestamptz, max_attempts => $4, job_key => $5, priority => $6)`,
        [
          name,
          JSON.stringify(schema.parse(payload)),
          runAt ?? null,
          maxAttempts,
          key ?? null,
          isPatient ? 100 : 0,
        ],
        { name: 'job_enqueue' },
      )
    },
    execute: (payload, context) => run(schema.parse(payload), context),
  }
}
