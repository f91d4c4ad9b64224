/** Whose account is shut or opened hears of it by mail: what happened, what whoever did it has to say to them, and whom to ask. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { commandRunner } from '../../../tests/support/commands.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { lettersAreOut, testMailbox } from '../../../tests/support/mailbox.ts'
import { peopleCommands } from '../cli-people.ts'

const { url, mails, because } = await testMailbox()
const service = await testIdentity({
  env: { ALTHING_IDENTITY_MAIL_URL: url, ALTHING_IDENTITY_CONTACT: 'office@example.org' },
})
const { database } = service.kit
const admin = { subject: 'acc_00000000-0000-4000-8000-000000000001', roles: ['superadmin'] }
const suspended = { status: 'suspended', reason: 'case 12' }
const setStatus = (id: string, body: Record<string, string>) =>
  service.asPerson(admin, 'POST', `/api/identity/users/${id}/status`, body)

test('who is suspended and let in again is told both, with what was said to them and whom to ask, and never with what was noted for the office', async () => {
  const id = await addAccount(service, { email: 'ada@example.org' })
  await database.query(`update account set locale = 'en' where id = $1`, [id])
  const shut = await because(
    () =>
      setStatus(id, {
        status: 'suspended',
        reason: 'case 12',
        told: 'Two people seem to share this account.',
      }),
    'ada@example.org',
  )
  assert.match(shut.subject, /Your account is suspended/)
  assert.match(shut.text, /Two people seem to share this account\./)
  assert.match(shut.text, /office@example\.org/)
  // Whoever comes to the door to see for themselves finds it there too.
  const door = await (await createBrowser(service.origin).go('/sign-in')).text()
  assert.match(door, /href="mailto:office@example\.org"/)
  assert.doesNotMatch(shut.text, /case 12|If it was you|recover/)
  const opened = await because(() => setStatus(id, { status: 'active' }), 'ada@example.org')
  assert.match(opened.subject, /Your account is open again/)
  assert.doesNotMatch(opened.text, /asked to tell you/)
  assert.match(opened.text, /\/sign-in\n/)
  const entries = await database.query<{ action: string; reason: string | null }>(
    `select action, reason from audit_entry where target_id = $1 order by at`,
    [id],
  )
  assert.deepEqual(entries, [
    { action: 'accounts.suspended', reason: 'case 12' },
    { action: 'accounts.active', reason: null },
  ])
})

test('in Icelandic to whoever reads that, by command as in the console', async () => {
  const id = await addAccount(service, { email: 'bea@example.org' })
  const run = commandRunner(service, peopleCommands)
  const closed = await because(
    () => run(['people', 'ban', id, 'case', '13'], { tell: 'Félagsaðild þinni er lokið.' }),
    'bea@example.org',
  )
  assert.match(closed.subject, /Aðganginum þínum var lokað/)
  assert.match(closed.text, /Félagsaðild þinni er lokið\./)
  const long = await run(['people', 'reinstate', id], { tell: 'x'.repeat(501) })
  assert.deepEqual([long.code, long.err], [1, '--tell is too long: 500 characters at most.'])
})

test('nobody is told twice of the same, nor at an address that is not proven, nor more than fits a letter', async () => {
  const id = await addAccount(service, { email: 'cid@example.org' })
  await because(() => setStatus(id, { ...suspended, told: 'The first time.' }), 'cid@example.org')
  const again = await setStatus(id, { ...suspended, told: 'The second time.' })
  const { code } = (await again.json()) as { code: string }
  assert.deepEqual([again.status, code], [409, 'identity.accounts.already'])
  const run = commandRunner(service, peopleCommands)
  const typed = await run(['people', 'suspend', id, 'case 14'], { tell: 'The third time.' })
  assert.equal(typed.code, 2)
  assert.match(typed.err, /is suspended already, and nobody was told/)
  const unproven = await addAccount(service, { email: 'dan@example.org' })
  await database.query('update account set email_proven = false where id = $1', [unproven])
  await setStatus(unproven, suspended)
  const answer = await setStatus(id, { status: 'active', told: 'x'.repeat(501) })
  assert.equal(answer.status, 400)
  await lettersAreOut(database)
  assert.equal(mails.filter(({ to }) => to === 'cid@example.org').length, 1)
  assert.equal(mails.filter(({ to }) => to === 'dan@example.org').length, 0)
})

test('nobody is shut out without a reason: not on a page, not by command; letting in again needs none', async () => {
  const id = await addAccount(service, { email: 'fay@example.org' })
  for (const status of ['suspended', 'banned'])
    for (const words of [{}, { reason: '  ' }, { told: 'You will know why.' }]) {
      const answer = await setStatus(id, { status, ...words })
      const { errors } = (await answer.json()) as { errors: { pointer: string }[] }
      assert.deepEqual([answer.status, errors[0]?.pointer], [422, '/reason'])
    }
  const run = commandRunner(service, peopleCommands)
  for (const verb of ['suspend', 'ban']) {
    const bare = await run(['people', verb, id], { tell: 'You will know why.' })
    assert.deepEqual(
      [bare.code, bare.err],
      [1, `Say why, after the account: althing people ${verb} ${id} <reason …>`],
    )
  }
  assert.equal((await setStatus(id, suspended)).status, 200)
  assert.equal((await run(['people', 'reinstate', id])).code, 0)
})

test('of a change that is refused nobody is told', async () => {
  const id = await addAccount(service, { email: 'eva@example.org' })
  const answer = await service.asPerson(
    { subject: id, roles: ['superadmin'] },
    'POST',
    `/api/identity/users/${id}/status`,
    suspended,
  )
  assert.equal(answer.status, 409)
  await lettersAreOut(database)
  assert.equal(mails.filter(({ to }) => to === 'eva@example.org').length, 0)
})

test('whose second step is taken away gets one letter about all of it, with the reason, and is signed out', async () => {
  const id = await addAccount(service, { email: 'gefn@example.org' })
  await database.query(`update account set locale = 'en' where id = $1`, [id])
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'gefn@example.org' })
  await database.query(
    `insert into passkey (id, account, public_key, counter, transports, name, synced, created_at)
     values ('gefn 1', $1, 'x', 0, '{}', 'Sími', false, now()), ('gefn 2', $1, 'x', 0, '{}', 'Tölva', false, now())`,
    [id],
  )
  const reset = (body: Record<string, string>) =>
    service.asPerson(admin, 'POST', `/api/identity/users/${id}/reset-factors`, body)
  assert.equal((await reset({})).status, 422, 'nobody says why')
  assert.equal((await browser.go('/account')).status, 200)
  const before = mails.length
  const letter = await because(async () => {
    const answer = await reset({ reason: 'Came in person, phone lost' })
    assert.deepEqual(await answer.json(), { done: true, ended: 1 })
  }, 'gefn@example.org')
  assert.match(letter.subject, /Your second step was reset/)
  assert.match(letter.text, /signed out everywhere[^]*The reason that they gave: Came in person, phone lost/)
  assert.match(letter.text, /office@example\.org[^]*\/sign-in\n/)
  assert.doesNotMatch(letter.text, /If it was you/)
  assert.equal((await browser.go('/account')).status, 303)
  const again = await reset({ reason: 'Once more' })
  assert.deepEqual(
    [again.status, ((await again.json()) as { code: string }).code],
    [409, 'identity.accounts.no_factors'],
  )
  await pause(500)
  assert.equal(mails.length, before + 1, 'and nobody is told of what was not there')
})
