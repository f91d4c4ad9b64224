import type { Db } from '../db/index.ts'

/** A job that is not done: it waits for its time or is at its last try, or has failed and waits for its next try, or for an operator. */
export interface QueuedJob {
  readonly id: string
  readonly job: string
  readonly state: 'waiting' | 'failing' | 'given-up'
  readonly attempts: number
  readonly mostAttempts: number
  readonly nextAt: Date
  /** The name of the last error: its words may quote somebody. */
  readonly error: string | null
  /** Whom it is about, where its payload says so. */
  readonly person: string | null
}

const most = 500

/** The oldest first, the failed before the waiting. Nothing when the service has no queue. */
export async function queuedJobs(db: Db): Promise<QueuedJob[]> {
  if (!(await hasQueue(db))) return []
  return db.query<QueuedJob>(
    `select id::text, task_identifier as job, attempts, max_attempts as "mostAttempts", run_at as "nextAt",
            last_error as error,
            (select coalesce(payload->>'account', payload->>'person') from graphile_worker._private_jobs as own
              where own.id = jobs.id) as person,
            case when attempts >= max_attempts and locked_at is null then 'given-up'
                 when last_error is not null then 'failing' else 'waiting' end as state
       from graphile_worker.jobs
      order by attempts >= max_attempts desc, attempts > 0 desc, id limit ${most}`,
  )
}

/** Tries anew at once, from the beginning: one job, or all that have failed. @returns how many */
export async function retryJobs(db: Db, id?: string): Promise<number> {
  if (!(await hasQueue(db))) return 0
  const rows = await db.query(
    `select graphile_worker.reschedule_jobs(
       array(select id from graphile_worker.jobs where (id::text = $1 or ($1::text is null and attempts > 0)) and locked_at is null),
       run_at => now(), attempts => 0)`,
    [id ?? null],
  )
  return rows.length
}

/** Work about somebody who is gone: nothing of it may be done, or be found. What is running ends by itself and finds nobody. */
export async function forgetJobs(db: Db, person: string): Promise<void> {
  if (!(await hasQueue(db))) return
  await db.query(
    `delete from graphile_worker._private_jobs
      where locked_at is null and (payload->>'account' = $1 or payload->>'person' = $1)`,
    [person],
  )
}

/** What was given up waits a month for an operator, and no longer. */
export async function sweepJobs(db: Db): Promise<void> {
  if (!(await hasQueue(db))) return
  await db.query(
    `delete from graphile_worker._private_jobs
      where locked_at is null and attempts >= max_attempts and run_at < now() - interval '30 days'`,
  )
}

/** The table that the library's own migrations make last: before that, what is called `jobs` is something else. */
async function hasQueue(db: Db): Promise<boolean> {
  const [row] = await db.query<{ there: boolean }>(
    `select to_regclass('graphile_worker._private_jobs') is not null as there`,
  )
  return row?.there === true
}
