/** Work beside requests: jobs (a queue in PostgreSQL, also by the calendar) and tickers (again and again, on one node). */
export { defineJob, type EnqueueOptions, type Job, type JobContext, type JobOptions } from './job.ts'
export { forgetJobs, queuedJobs, retryJobs, sweepJobs, type QueuedJob } from './queue.ts'
export { createJobRunner, migrateJobs, type JobEvent, type JobRunnerOptions } from './runner.ts'
export { jobUnderWay } from './under-way.ts'
export { createTickers, ticker, type Ticker, type TickerEvent, type TickersOptions } from './ticker.ts'
