/** Somebody was wrong too often at an account, and has to wait: what its owner and those who look after the house hear of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { lettersAreOut, testMailbox } from '../../../tests/support/mailbox.ts'

const { url, mails } = await testMailbox()
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_MAIL_URL: url,
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '100000',
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '100000',
  },
})
const { database } = service.kit
const admin = { subject: 'acc_00000000-0000-4000-8000-000000000001', roles: ['administrator'] }

test('whose account is made to wait is told by mail, on their page, in the feed of alerts and in what happened to it: once', async () => {
  const account = await person('ada@example.org')
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: 'ada@example.org' })
  await wrong('ada@example.org', 4)
  await settled()
  assert.deepEqual(
    [lettersTo('ada@example.org').length, await alertsOf(account)],
    [0, []],
    'four are no wait',
  )
  await wrong('ada@example.org', 6)
  await settled()
  const [letter] = lettersTo('ada@example.org')
  assert.match(letter?.subject ?? '', /Of margar rangar tilraunir við aðganginn þinn/)
  assert.equal(lettersTo('ada@example.org').length, 1)
  assert.deepEqual(await alertsOf(account), [{ kind: 'account-paused', severity: 'low', count: 1 }])
  const page = await (await owner.go('/account')).text()
  assert.match(page, /wrong so many times when they signed in to your account/)
  const timeline = await service.asPerson(admin, 'GET', `/api/identity/users/${account}/timeline`)
  const { lines } = (await timeline.json()) as { lines: { action: string }[] }
  assert.equal(lines.filter(({ action }) => action === 'guesses.paused').length, 1)
})

test('a second wait on the same day is in the feed and in what happened, and in no mailbox; on the next day there is a letter again', async () => {
  const account = await person('bea@example.org')
  for (const day of [0, 0, 2]) {
    await database.query(`update account_pause set told_at = told_at - make_interval(days => $1)`, [day])
    await database.query('delete from guess')
    await wrong('bea@example.org', 6)
    await settled()
  }
  assert.equal(lettersTo('bea@example.org').length, 2)
  assert.deepEqual(await alertsOf(account), [{ kind: 'account-paused', severity: 'low', count: 3 }])
  const rows = await database.query(
    `select from audit_entry where action = 'guesses.paused' and target_id = $1`,
    [account],
  )
  assert.equal(rows.length, 3)
})

test('of fifty wrong tries at one moment there is one letter', async () => {
  await person('cid@example.org')
  await Promise.all(Array.from({ length: 10 }, () => wrong('cid@example.org', 5)))
  await settled()
  assert.equal(lettersTo('cid@example.org').length, 1)
})

test('an address that is nobody’s gets the same answers and the same work, and nothing is written about it', async () => {
  await person('dan@example.org')
  const asked = async (identifier: string) => {
    const before = await enqueued()
    const statuses = await wrong(identifier, 6)
    await settled()
    return { statuses, jobs: (await enqueued()) - before }
  }
  const [known, nobody] = [await asked('dan@example.org'), await asked('nobody@example.org')]
  assert.deepEqual(nobody.statuses, known.statuses)
  assert.equal(nobody.jobs, 1, 'which finds nobody')
  assert.deepEqual(lettersTo('nobody@example.org'), [])
  const everything = JSON.stringify([
    await database.query('select * from account_pause'),
    await database.query('select * from security_alert'),
    await database.query(`select * from graphile_worker.jobs`),
  ])
  assert.ok(!everything.includes('nobody@'))
})

test('who is shut out, or has not proven the address, gets no such letter', async () => {
  const account = await person('eva@example.org')
  await database.query(`update account set email_proven = false where id = $1`, [account])
  await wrong('eva@example.org', 6)
  await person('fin@example.org')
  await database.query(`update account set status = 'suspended' where email = 'fin@example.org'`)
  await wrong('fin@example.org', 6)
  await settled()
  assert.deepEqual([...lettersTo('eva@example.org'), ...lettersTo('fin@example.org')], [])
})

test('an old wait is no news on the page any more', async () => {
  await person('gea@example.org')
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: 'gea@example.org' })
  await wrong('gea@example.org', 6)
  await settled()
  const page = async () => (await owner.go('/account')).text()
  assert.match(await page(), /wrong so many times/)
  await database.query(`update account_pause set paused_at = paused_at - interval '8 days'`)
  assert.doesNotMatch(await page(), /wrong so many times/)
})

let networks = 0
const person = (email: string) => addAccount(service, { email, name: email })
const lettersTo = (address: string) =>
  mails.filter(({ to, subject }) => to === address && /rangar tilraunir/.test(subject))

async function wrong(identifier: string, times: number): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 0; n < times; n += 1) {
    const answer = await signIn(createBrowser(service.origin), {
      identifier,
      secret: `guess ${n} ${(networks += 1)}`,
    })
    statuses.push(answer.status)
  }
  return statuses
}

const alertsOf = (account: string) =>
  database.query(
    `select kind, severity, count from security_alert where account = $1 and kind = 'account-paused'`,
    [account],
  )

/** Jobs that are done are gone: their number says how many there were. */
async function enqueued(): Promise<number> {
  const [row] = await database.query<{ n: string }>(
    `select coalesce(sum(last_value), 0)::text as n from pg_sequences where schemaname = 'graphile_worker'`,
  )
  return Number(row?.n)
}

const settled = () => lettersAreOut(database, 'identity.pause')
