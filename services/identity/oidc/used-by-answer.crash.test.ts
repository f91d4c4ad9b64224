/** A code and a refresh token are used by the answer that they give. Whatever breaks before that has used nothing, and whoever asks again is no thief. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addAccount,
  askToken,
  codeFlow,
  codeOf,
  createBrowser,
  signIn,
  testIdentity,
} from '../../../tests/support/identity.ts'
import { withoutRoomFor } from '../../../tests/support/no-room.ts'
import { until, untilBlocked } from '@althing/kernel/testing'

const service = await testIdentity()
const { database } = service.kit

test('an answer that could not be written has used nothing: a minute later the same token is good, and nobody is warned of a thief', async () => {
  const one = await holder()
  assert.equal((await withoutRoom(() => one.refresh())).status, 500)
  await one.later()
  const again = await one.refresh()
  assert.deepEqual([again.status, await one.marks()], [200, 0])
  assert.equal((await one.refresh(again.token)).status, 200, 'and the family lives')
})

test('a code whose answer could not be written has used nothing: it is good the next time, and once', async () => {
  const browser = createBrowser(service.origin)
  await addAccount(service, { email: 'coder@example.org' })
  await signIn(browser, { identifier: 'coder@example.org' })
  const { callback, checks } = await codeOf(service, browser)
  const exchange = async () => {
    const answer = await askToken(service.origin, {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: `${service.origin}/session/callback`,
      code_verifier: checks.pkceCodeVerifier,
    })
    return { status: answer.status, ...((await answer.json()) as { error?: string }) }
  }
  assert.equal((await withoutRoom(exchange)).status, 500)
  assert.equal((await exchange()).status, 200)
  const again = await exchange()
  assert.deepEqual([again.status, again.error], [400, 'invalid_grant'], 'not a moment later either')
})

test('a connection that is killed between the use and its successor has used nothing', async () => {
  const one = await holder()
  let asked: ReturnType<typeof one.refresh> | undefined
  await database.query(
    `create function stand() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return new; end $$`,
  )
  await database.query(
    `create trigger stand before insert on oidc_record for each row when (new.kind = 'RefreshToken') execute function stand()`,
  )
  try {
    await database.transaction(async (db) => {
      await db.query('select pg_advisory_xact_lock(4711)')
      asked = one.refresh()
      const waiting = `from pg_stat_activity where datname = current_database() and wait_event = 'advisory' and pid <> pg_backend_pid()`
      await until(async () => (await db.query(`select pid ${waiting}`)).length > 0)
      await db.query(`select pg_terminate_backend(pid) ${waiting}`)
    })
    assert.equal((await asked)?.status, 500)
  } finally {
    await database.query('drop function stand cascade')
  }
  await one.later()
  const again = await one.refresh()
  assert.deepEqual([again.status, await one.marks()], [200, 0])
  assert.equal((await one.refresh(again.token)).status, 200, 'and the family lives')
})

test('who is refused for something else in the request has used nothing', async () => {
  const one = await holder()
  const refused = await one.refresh(undefined, { resource: 'https://nowhere.example/' })
  assert.deepEqual([refused.status, refused.error], [400, 'invalid_target'])
  await one.later()
  assert.deepEqual([(await one.refresh()).status, await one.marks()], [200, 0])
})

test('an answer that was written has used it, although nobody heard it: the retry is good for ten seconds and no longer', async () => {
  const one = await holder()
  const first = await one.refresh()
  const retry = await one.refresh()
  assert.deepEqual([retry.status, retry.token], [200, first.token])
  await one.later()
  const late = await one.refresh()
  assert.deepEqual([late.status, late.error, await one.marks()], [400, 'invalid_grant', 1])
  assert.equal((await one.refresh(first.token)).status, 400, 'the family is over')
})

test('a family that ends while an answer is being written stays ended: nothing of that answer is there', async () => {
  const one = await holder()
  const { asked } = await beside(one, (db) =>
    db.query(`delete from oidc_record where account = $1`, [one.account]),
  )
  assert.deepEqual([asked.status, asked.error, asked.token], [400, 'invalid_grant', undefined])
  const left = await database.query('select from oidc_record where account = $1', [one.account])
  assert.equal(left.length, 0)
})

test('of two at once the one that finds it used long before is refused where it is written, and the family is over', async () => {
  const one = await holder()
  const { asked } = await beside(one, (db) =>
    db.query(
      `update oidc_record set consumed_at = now() - interval '11 seconds' where account = $1 and kind = 'RefreshToken'`,
      [one.account],
    ),
  )
  assert.deepEqual([asked.status, asked.error, asked.token], [400, 'invalid_grant', undefined])
  assert.equal(await one.marks(), 1)
  const left = await database.query(
    `select from oidc_record where account = $1 and kind <> 'AuthorizationCode'`,
    [one.account],
  )
  assert.equal(left.length, 0)
})

/** While it works, no refresh token can be written. */
const withoutRoom = <T>(work: () => Promise<T>) => withoutRoomFor(database, 'RefreshToken', work)

let count = 0
async function holder() {
  const email = `holder${(count += 1)}@example.org`
  const account = await addAccount(service, { email })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: email })
  const { tokens } = await codeFlow(service, browser)
  return {
    account,
    async refresh(token = tokens.refresh_token ?? '', more: Readonly<Record<string, string>> = {}) {
      const answer = await askToken(service.origin, {
        grant_type: 'refresh_token',
        refresh_token: token,
        ...more,
      })
      const body = (await answer.json()) as { refresh_token?: string; error?: string }
      return { status: answer.status, token: body.refresh_token, error: body.error }
    },
    /** Eleven seconds, of everything that has been used. */
    later: () =>
      database.query(
        `update oidc_record set consumed_at = consumed_at - interval '11 seconds' where account = $1`,
        [account],
      ),
    marks: async () => (await database.query('select from risk_mark where account = $1', [account])).length,
  }
}
type Holder = Awaited<ReturnType<typeof holder>>
type Db = Parameters<Parameters<typeof database.transaction>[0]>[0]

/** It is asked for while something else is being done to its row, and goes on when that is done. */
async function beside(one: Holder, work: (db: Db) => Promise<unknown>) {
  let asked: ReturnType<Holder['refresh']> | undefined
  await database.transaction(async (db) => {
    await work(db)
    asked = one.refresh()
    await untilBlocked(db)
  })
  const answer = await asked
  assert.ok(answer)
  return { asked: answer }
}
