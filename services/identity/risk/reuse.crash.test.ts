/** A refresh token was shown twice: what ends by it, what is remembered of it and who is told of it survive whatever breaks in between. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addAccount,
  askToken,
  codeFlow,
  createBrowser,
  testIdentity,
} from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { until } from '@althing/kernel/testing'

const { url, mails } = await testMailbox()

test('a connection that is killed in the middle of the telling loses nothing: it is told once, and the mark stood all the while', async () => {
  const { service, account, second, mark } = await stolen()
  const { database } = service.kit
  const before = letters()
  await database.transaction(async (db) => {
    // Whoever raises the alert stands before a closed door, and is killed there.
    await db.query('lock table security_alert in access exclusive mode')
    assert.equal(await second(), 400)
    const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await until(async () => (await db.query(`select pid ${waiting}`)).length > 0)
    assert.equal(await mark(), 1)
    await db.query(`select pg_terminate_backend(pid) ${waiting}`)
  })
  const told = () => database.query('select account, count from security_alert')
  await soon(database)
  await until(async () => (await told()).length > 0)
  await until(() => letters() > before)
  assert.deepEqual([await told(), letters() - before], [[{ account, count: 1 }], 1])
})

test('what breaks in the telling is told later, once, and the mark stands meanwhile', async () => {
  const { service, second, mark, alerts } = await stolen()
  const { database } = service.kit
  const before = letters()
  await broken(database, 'security_alert', async () => {
    assert.equal(await second(), 400, 'nobody who shows it hears of that')
    await until(
      async () =>
        (
          await database.query(
            `select from graphile_worker.jobs where task_identifier = 'identity.token-reused' and last_error is not null`,
          )
        ).length > 0,
    )
    assert.deepEqual([await mark(), await alerts()], [1, 0])
  })
  await soon(database)
  await until(async () => (await alerts()) > 0)
  await until(() => letters() > before)
  assert.deepEqual([await alerts(), letters() - before], [1, 1])
})

test('when it cannot be remembered nothing has ended either, and the next try does both', async () => {
  const { service, next, second, mark, alerts } = await stolen()
  await broken(service.kit.database, 'risk_mark', async () => assert.equal(await second(), 500))
  assert.deepEqual([await mark(), await alerts()], [0, 0])
  const used = await next()
  assert.equal(used.status, 200, 'the family lives')
  assert.equal(await second(), 400)
  assert.equal(await mark(), 1)
  assert.equal((await next(used.refresh)).status, 400, 'and is gone now')
})

/** Somebody has a copy of a refresh token whose successor was used already. */
async function stolen() {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url } })
  const { database } = service.kit
  const account = await addAccount(service)
  const { tokens } = await codeFlow(service, createBrowser(service.origin))
  let latest = tokens.refresh_token ?? ''
  async function next(token = latest) {
    const answer = await askToken(service.origin, { grant_type: 'refresh_token', refresh_token: token })
    const { refresh_token: refresh = '' } = (await answer.json()) as { refresh_token?: string }
    if (refresh !== '') latest = refresh
    return { status: answer.status, refresh }
  }
  for (let n = 0; n < 2; n += 1) await next()
  const rows = async (table: string) =>
    (await database.query(`select from ${table} where account = $1`, [account])).length
  return {
    service,
    account,
    next,
    second: async () => (await next(tokens.refresh_token ?? '')).status,
    mark: () => rows('risk_mark'),
    alerts: () => rows('security_alert'),
  }
}

type Database = Awaited<ReturnType<typeof stolen>>['service']['kit']['database']

/** The table takes nothing while this is done. */
async function broken(database: Database, table: string, work: () => Promise<unknown>): Promise<void> {
  await database.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$`,
  )
  await database.query(
    `create trigger refuse before insert on ${table} for each row execute function refuse()`,
  )
  try {
    await work()
  } finally {
    await database.query('drop function refuse cascade')
  }
}

/** What has failed waits for seconds before it is tried again; a story does not. */
const soon = (database: Database) =>
  database.query('update graphile_worker._private_jobs set run_at = now() where locked_at is null')

const letters = () => mails.filter(({ subject }) => /Forrit var skráð út/.test(subject)).length
