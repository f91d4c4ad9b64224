import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import { counted } from '../../../tests/support/counted.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'

const loose = {
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '100000',
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '100000',
  ALTHING_IDENTITY_SIGN_IN_PER_NETWORK: '100000',
}

test('200 wrong passwords at one moment: five are looked at, and the owner comes in from a known device meanwhile', async () => {
  const service = await testIdentity({ env: loose })
  await addAccount(service)
  const owner = createBrowser(service.origin)
  await signIn(owner)
  const attacker = createBrowser(service.origin)
  const page = await (await attacker.go('/sign-in')).text()
  const guesses = Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      attacker.submit(page, 'sign-in', { identifier: 'ada@example.org', password: `guess ${n}` }),
    ),
  )
  const back = createBrowser(service.origin)
  const device = owner.jar.get('althing_device')
  if (device !== undefined) back.jar.set('althing_device', device)
  assert.equal((await signIn(back)).status, 303)
  const answers = await guesses
  assert.equal(answers.filter(({ status }) => status === 422).length, 5)
  assert.equal(answers.filter(({ status }) => status === 429).length, 195)
})

test('a hundred in a row from strangers shut a password for strangers, not for a known device, whose owner opens it again', async () => {
  const service = await testIdentity({ env: { ...loose, ALTHING_IDENTITY_LOCK_AFTER: '100000' } })
  const account = await addAccount(service)
  const owner = createBrowser(service.origin)
  await signIn(owner)
  await service.kit.database.query(
    `insert into factor_failure (account, factor, in_a_row) values ($1, 'password', 99)`,
    [account],
  )
  const stranger = () => createBrowser(service.origin)
  assert.equal((await signIn(stranger(), { secret: 'the hundredth' })).status, 422)
  assert.equal((await signIn(stranger())).status, 422, 'right, and of no use from there')
  const known = createBrowser(service.origin)
  const device = owner.jar.get('althing_device')
  if (device !== undefined) known.jar.set('althing_device', device)
  assert.equal((await signIn(known)).status, 303)
  assert.equal((await signIn(stranger())).status, 303)
})

test('every try leaves a line for its owner; of an address that is no account of ours only that somebody tried', async () => {
  const service = await testIdentity()
  const account = await addAccount(service)
  const browser = createBrowser(service.origin)
  await signIn(browser, { secret: 'wrong' })
  await signIn(browser, { identifier: 'a-password-in-the-wrong-field' })
  await signIn(browser)
  const lines = await service.kit.database.query<Record<string, unknown>>(
    'select account, method, result, reason, is_new from login_event order by id',
  )
  const refused = { method: 'password', result: 'refused', reason: 'wrong', is_new: false }
  assert.deepEqual(lines, [
    { account, ...refused },
    { account: null, ...refused },
    { account, method: 'password', result: 'in', reason: null, is_new: false },
  ])
  const everything = JSON.stringify(await service.kit.database.query('select * from login_event'))
  assert.ok(!everything.includes('wrong-field'))
  const page = await (await browser.go('/account/security')).text()
  assert.equal([...page.matchAll(/Refused/g)].length, 1, 'one sees one’s own')
})

test('the hundredth is recorded, told to its owner and raised, once for many at one moment; and so is that its owner opens it again', async () => {
  const { url, mails } = await testMailbox()
  const service = await testIdentity({
    env: { ...loose, ALTHING_IDENTITY_LOCK_AFTER: '100000', ALTHING_IDENTITY_MAIL_URL: url },
  })
  const { database } = service.kit
  const account = await addAccount(service)
  const owner = createBrowser(service.origin)
  await signIn(owner)
  await database.query(`insert into factor_failure (account, factor, in_a_row) values ($1, 'password', 97)`, [
    account,
  ])
  await Promise.all(
    Array.from({ length: 8 }, (_, n) => signIn(createBrowser(service.origin), { secret: `guess ${n}` })),
  )
  const recorded = async () => {
    const rows = await database.query<{ action: string }>(
      `select action from audit_entry where action like 'guesses.%' and target_id = $1 order by at`,
      [account],
    )
    return rows.map(({ action }) => action)
  }
  assert.deepEqual(await recorded(), ['guesses.shut'])
  const alerts = await database.query(
    `select kind, severity, account, count from security_alert where kind = 'factor-shut'`,
  )
  assert.deepEqual(alerts, [{ kind: 'factor-shut', severity: 'high', account, count: 1 }])
  assert.equal((await counted(service))['id_auth_factors_shut_total{factor="password"}'], 1)
  const letters = () => mails.filter(({ subject }) => subject.startsWith('Einhver giskar á aðganginn þinn'))
  await until(() => letters().length > 0)
  assert.deepEqual(
    letters().map(({ to }) => to),
    ['ada@example.org'],
  )
  owner.jar.delete('althing_id')
  await signIn(owner)
  assert.deepEqual(await recorded(), ['guesses.shut', 'guesses.opened'])
  owner.jar.delete('althing_id')
  await signIn(owner)
  assert.deepEqual(await recorded(), ['guesses.shut', 'guesses.opened'])
})

test('a place that has to wait is one lock, however often it is tried while it waits', async () => {
  const service = await testIdentity({ env: loose })
  await addAccount(service)
  for (let n = 0; n < 9; n += 1) await signIn(createBrowser(service.origin), { secret: `guess ${n}` })
  assert.equal((await counted(service))['id_auth_account_lockouts_total'], 1)
})
