/** Whose account is shut or opened hears of it by mail: what happened, what whoever did it has to say to them, and whom to ask. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { commandRunner } from '../../../tests/support/commands.ts'
import { addAccount, createBrowser, testIdentity } from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { peopleCommands } from '../cli-people.ts'

const { url, mails, because } = await testMailbox()
const service = await testIdentity({
  env: { ALTHING_IDENTITY_MAIL_URL: url, ALTHING_IDENTITY_CONTACT: 'office@example.org' },
})
const { database } = service.kit
const admin = { subject: 'acc_00000000-0000-4000-8000-000000000001', roles: ['superadmin'] }
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
  await because(() => setStatus(id, { status: 'suspended' }), 'cid@example.org')
  await setStatus(id, { status: 'suspended' })
  const unproven = await addAccount(service, { email: 'dan@example.org' })
  await database.query('update account set email_proven = false where id = $1', [unproven])
  await setStatus(unproven, { status: 'suspended' })
  const answer = await setStatus(id, { status: 'active', told: 'x'.repeat(501) })
  assert.equal(answer.status, 400)
  await settled()
  assert.equal(mails.filter(({ to }) => to === 'cid@example.org').length, 1)
  assert.equal(mails.filter(({ to }) => to === 'dan@example.org').length, 0)
})

test('of a change that is refused nobody is told', async () => {
  const id = await addAccount(service, { email: 'eva@example.org' })
  const answer = await service.asPerson(
    { subject: id, roles: ['superadmin'] },
    'POST',
    `/api/identity/users/${id}/status`,
    { status: 'suspended' },
  )
  assert.equal(answer.status, 409)
  await settled()
  assert.equal(mails.filter(({ to }) => to === 'eva@example.org').length, 0)
})

async function settled(): Promise<void> {
  const left = `select from graphile_worker.jobs where task_identifier = 'identity.notice'`
  for (let waited = 0; waited < 10_000; waited += 50) {
    if ((await database.query(left)).length === 0) return
    await pause(50)
  }
  throw new Error('Notices are left.')
}
