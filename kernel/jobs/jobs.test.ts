import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { testDatabase, until } from '../testing/index.ts'
import {
  queuedJobs,
  retryJobs,
  createJobRunner,
  createTickers,
  defineJob,
  jobUnderWay,
  migrateJobs,
  ticker,
  type Job,
  type JobEvent,
} from './index.ts'

test('a job runs when its transaction commits, and not when it does not', async () => {
  const { database, url } = await setUp()
  const ran: number[] = []
  const job = defineJob({
    name: 'count',
    payload: z.object({ n: z.number() }),
    run: async ({ n }) => void ran.push(n),
  })
  const { runner } = await start(url, [job])
  await assert.rejects(
    database.transaction(async (db) => {
      await job.enqueue(db, { n: 1 })
      throw new Error('no')
    }),
  )
  await database.transaction((db) => job.enqueue(db, { n: 2 }))
  await until(() => ran.length > 0)
  await runner.stop()
  assert.deepEqual(ran, [2])
})

test('a payload of the wrong shape is refused at the door', async () => {
  const { database } = await setUp()
  const job = defineJob({ name: 'strict', payload: z.object({ n: z.number() }), run: async () => {} })
  await assert.rejects(job.enqueue(database, { n: 'one' } as never), { name: 'ZodError' })
})

test('what was given up is seen, quotes nobody, and begins anew when an operator says so', async () => {
  const { database, url } = await setUp()
  const state = { away: true, done: 0 }
  const job = defineJob({
    name: 'letter',
    payload: z.object({ n: z.number() }),
    maxAttempts: 1,
    async run() {
      if (state.away) throw new TypeError('ada@example.org is away')
      state.done += 1
    },
  })
  assert.deepEqual(await retryJobs(database), 0)
  const { runner, events } = await start(url, [job])
  await job.enqueue(database, { n: 1 })
  await job.enqueue(database, { n: 2 })
  await job.enqueue(database, { n: 3 }, { runAt: new Date(Date.now() + 3_600_000) })
  await until(() => events.length === 2)
  await until(
    async () => (await queuedJobs(database)).filter(({ state: now }) => now === 'given-up').length === 2,
  )
  const seen = await queuedJobs(database)
  assert.deepEqual(
    seen.map(({ job: name, state: now, error }) => [name, now, error]),
    [
      ['letter', 'given-up', 'TypeError'],
      ['letter', 'given-up', 'TypeError'],
      ['letter', 'waiting', null],
    ],
  )
  state.away = false
  assert.equal(await retryJobs(database, 'no such job'), 0)
  assert.equal(await retryJobs(database, seen[0]?.id), 1)
  await until(() => state.done === 1)
  assert.equal(await retryJobs(database), 1, 'what waits for its time is left alone')
  await until(() => state.done === 2)
  await runner.stop()
})

test('a failed job is tried again, and its table quotes nobody', async () => {
  const { database, url } = await setUp()
  const job = defineJob({
    name: 'flaky',
    payload: z.object({}),
    run: async (_payload, { attempt }) => {
      if (attempt === 1) throw new Error('ada@example.org is busy')
    },
  })
  const { runner, events } = await start(url, [job])
  await job.enqueue(database, {})
  await until(() => events.length === 1)
  assert.equal(events[0]?.outcome, 'failed')
  await until(
    async () =>
      (await database.query(`select from graphile_worker.jobs where last_error is not null`)).length === 1,
  )
  const rows = await database.query(`select from graphile_worker.jobs where last_error like '%ada@%'`)
  assert.equal(rows.length, 0)
  await database.query('update graphile_worker._private_jobs set run_at = now()')
  await until(() => events.length === 2)
  assert.deepEqual(
    events.map(({ outcome, attempt }) => [outcome, attempt]),
    [
      ['failed', 1],
      ['done', 2],
    ],
  )
  await runner.stop()
})

test('the tries of one job know that they are one; another is another, and beside the queue there is none', async () => {
  const { database, url } = await setUp()
  const seen: [n: number, job: string | null][] = []
  const job = defineJob({
    name: 'known',
    payload: z.object({ n: z.number() }),
    async run({ n }, { attempt }) {
      await new Promise((done) => setTimeout(done, 20))
      seen.push([n, jobUnderWay()])
      if (attempt === 1) throw new Error('again')
    },
  })
  const { runner } = await start(url, [job])
  await job.enqueue(database, { n: 1 })
  await job.enqueue(database, { n: 2 })
  await until(() => seen.length === 2)
  await until(async () => (await queuedJobs(database)).every(({ state }) => state === 'failing'))
  await retryJobs(database)
  await until(() => seen.length === 4)
  await runner.stop()
  const of = (n: number) => new Set(seen.filter(([one]) => one === n).map(([, id]) => id))
  assert.deepEqual([of(1).size, of(2).size, new Set([...of(1), ...of(2)]).size], [1, 1, 2])
  assert.ok(!of(1).has(null) && !of(2).has(null))
  assert.equal(jobUnderWay(), null)
})

test('stopping waits for the job that is running', async () => {
  const { database, url } = await setUp()
  let state = 'waiting'
  const job = defineJob({
    name: 'slow',
    payload: z.object({}),
    run: async () => {
      state = 'running'
      await new Promise((done) => setTimeout(done, 300))
      state = 'done'
    },
  })
  const { runner } = await start(url, [job])
  await job.enqueue(database, {})
  await until(() => state === 'running')
  await runner.stop()
  assert.equal(state, 'done')
})

test('who has migrated or stopped holds no connection any more, also when stopped as soon as begun', async () => {
  const { database, url } = await setUp()
  const others = async () =>
    (
      await database.query(
        `select from pg_stat_activity
           where datname = current_database() and backend_type = 'client backend' and application_name <> $1`,
        [new URL(url).pathname.slice(1)],
      )
    ).length
  await until(async () => (await others()) === 0)
  for (let round = 0; round < 5; round += 1) {
    const { runner } = await start(url, [])
    await runner.stop()
    // The server notices a little later, and what the pool still held goes after its ten seconds.
    await until(async () => (await others()) === 0)
  }
})

test('of jobs with one key the latest runs', async () => {
  const { database, url } = await setUp()
  const ran: number[] = []
  const job = defineJob({
    name: 'keyed',
    payload: z.object({ n: z.number() }),
    run: async ({ n }) => void ran.push(n),
  })
  for (const n of [1, 2, 3]) await job.enqueue(database, { n }, { key: 'same' })
  const { runner } = await start(url, [job])
  await until(() => ran.length > 0)
  await runner.stop()
  assert.deepEqual(ran, [3])
})

test('what may wait goes after everything that may not', async () => {
  const { database, url } = await setUp()
  const ran: string[] = []
  const job = (name: string, isPatient: boolean) =>
    defineJob({ name, payload: z.object({}), isPatient, run: async () => void ran.push(name) })
  const [patient, prompt] = [job('patient', true), job('prompt', false)]
  for (let n = 0; n < 3; n += 1) await patient.enqueue(database, {})
  await prompt.enqueue(database, {})
  const { runner } = await start(url, [patient, prompt], 1)
  await until(() => ran.length === 4)
  await runner.stop()
  assert.deepEqual(ran, ['prompt', 'patient', 'patient', 'patient'])
})

test('a ticker runs on one node at a time, and another takes over when that one stops', async () => {
  const { url } = await setUp()
  const turns: string[] = []
  const node = (name: string) =>
    createTickers({
      url,
      tickers: [ticker({ name: 'tick', everySeconds: 0.02, run: async () => void turns.push(name) })],
    })
  const [first, second] = [node('first'), node('second')]
  first.start()
  await until(() => turns.length > 1)
  second.start()
  await until(() => turns.length > 5)
  assert.deepEqual(new Set(turns), new Set(['first']))
  await first.stop()
  await until(() => turns.includes('second'))
  await second.stop()
})

test('a ticker that fails is reported and goes on', async () => {
  const { url } = await setUp()
  const outcomes: string[] = []
  let turn = 0
  const run = async () => {
    turn += 1
    if (turn === 1) throw new Error('first time')
  }
  const tickers = createTickers({
    url,
    tickers: [ticker({ name: 'fails', everySeconds: 0.02, run })],
    report: ({ outcome }) => outcomes.push(outcome),
  })
  tickers.start()
  await until(() => outcomes.includes('done'))
  await tickers.stop()
  assert.equal(outcomes[0], 'failed')
})

async function setUp() {
  const { database, url } = await testDatabase({ name: 'jobs' })
  await migrateJobs(url)
  return { database, url }
}

async function start(url: string, jobs: Job<never>[], concurrency = 2) {
  const events: JobEvent[] = []
  const runner = createJobRunner({ url, jobs, concurrency, report: (event) => events.push(event) })
  await runner.start()
  return { runner, events }
}
