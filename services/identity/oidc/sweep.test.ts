/** What is over goes in the background: nobody who comes for a token waits for it, and it waits for nobody. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { systemChance } from '@althing/kernel/context'
import { openDatabase } from '@althing/kernel/db'
import { Registry } from '@althing/kernel/telemetry'
import * as client from 'openid-client'
import { addAccount, codeFlow, createBrowser, testIdentity } from '../../../tests/support/identity.ts'
import { addClient, post } from '../../../tests/support/protocol.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'
import { tickersOf } from '../tickers.ts'
import { createRecordStore } from './store.ts'

const many = 50_000
const service = await testIdentity()
await addAccount(service)
const { database } = service.kit
// Whatever has to wait for a second fails here instead of waiting.
const hasty = openDatabase({ url: service.url, statementTimeoutMs: 1_000 })
after(() => hasty.close())
const records = createRecordStore(hasty, systemChance)
const secret = await addClient(service, 'machine', { grant_types: ['client_credentials'] })

const expired = (count: number) =>
  database.query(
    `insert into oidc_record (kind, id_hash, sealed, grant_hash, account, client, expires_at)
     select 'AccessToken', decode(md5(n::text) || md5($2 || n::text), 'hex'), '\\x00', decode(md5(n::text), 'hex'), 'acc_nobody', 'nobody',
            now() - interval '1 minute'
       from generate_series(1, $1) as n`,
    [count, randomBytes(8).toString('hex')],
  )
const left = async () => {
  const [row] = await database.query<{ n: number }>(
    'select count(*)::int as n from oidc_record where expires_at < now()',
  )
  return row?.n
}

test('fifty thousand that are over go beside live traffic, and nobody stands in a queue for a row', async () => {
  const { portal, tokens } = await codeFlow(service, createBrowser(service.origin))
  await expired(many)
  const sweep = { isOver: false }
  const swept = Promise.all([records.sweep(), records.sweep()]).then(() => (sweep.isOver = true))
  const waiting: unknown[] = []
  let [answered, refresh] = [0, tokens.refresh_token ?? '']
  while (!sweep.isOver) {
    const form = { grant_type: 'client_credentials', client_id: 'machine', client_secret: secret }
    assert.equal((await post(service, '/oauth/token', form)).status, 200)
    refresh = (await client.refreshTokenGrant(portal, refresh)).refresh_token ?? ''
    waiting.push(
      ...(await database.query(
        `select query from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
      )),
    )
    answered += 2
  }
  await swept
  assert.ok(answered > 0)
  assert.deepEqual(waiting, [])
  assert.equal(await left(), 0)
  // What lives was left alone.
  await client.refreshTokenGrant(portal, refresh)
})

test('a row that somebody has in hand is left for the next time, and all the others go', async () => {
  await expired(1_200)
  await database.transaction(async (db) => {
    await db.query('select from oidc_record where expires_at < now() order by expires_at limit 1 for update')
    await records.sweep()
    assert.equal(await left(), 1)
  })
  await records.sweep()
  assert.equal(await left(), 0)
})

test('what becomes of use again in the same moment stays', async () => {
  assert.equal(await records.once('Shown', 'again', 0), true)
  await database.transaction(async (db) => {
    const own = createRecordStore(db, systemChance)
    assert.equal(await own.once('Shown', 'again', 600), true)
    await records.sweep()
  })
  assert.equal(await records.once('Shown', 'again', 600), false)
})

test('what one application was given is found by it, and not by reading what all others were', async () => {
  await database.query(
    `insert into oidc_record (kind, id_hash, sealed, account, client, expires_at)
     select case when n % 10 = 0 then 'Grant' else 'AccessToken' end, decode(md5('of' || n), 'hex'), '\\x00', 'acc_' || n, 'app_' || n % 500,
            now() + interval '1 hour'
       from generate_series(1, $1) as n`,
    [many],
  )
  await database.query('analyze oidc_record')
  const plans: string[] = []
  const explaining = createRecordStore(
    {
      query: async <R>(text: string, params?: readonly unknown[]) => {
        plans.push(JSON.stringify(await database.query(`explain (format json) ${text}`, params)))
        return [] as R[]
      },
    },
    systemChance,
  )
  await explaining.forgetClient('app_7')
  await explaining.usersOf('app_10')
  for (const plan of plans) {
    assert.match(plan, /oidc_record_of_client/)
    assert.doesNotMatch(plan, /Seq Scan/)
  }
  await createRecordStore(database, systemChance).forgetClient('app_7')
  const [row] = await database.query(`select count(*)::int as n from oidc_record where client like 'app\\_%'`)
  assert.equal(row?.['n'], many - many / 500)
})

test('a table that cannot be swept is told of, and does not stop those after it', async () => {
  const kit = service.kit as unknown as IdentityKit
  const parts = compose(kit, createMetrics(new Registry()))
  const tickers = tickersOf(kit, { ...parts, logout: { work: async () => {} } })
  const sweep = tickers.find(({ name }) => name === 'identity.sweep')
  const run = async () => sweep?.run(new AbortController().signal)
  await expired(10)
  await database.query('alter table login_event rename to login_event_away')
  await assert.rejects(run(), /1 of 19 failed/)
  await database.query('alter table login_event_away rename to login_event')
  assert.equal(await left(), 0)
  await run()
})
