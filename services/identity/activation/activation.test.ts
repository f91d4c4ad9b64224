import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { addAccount, createBrowser, formOf, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { linkIn, testMailbox } from '../../../tests/support/mailbox.ts'
import { told } from '../../../tests/support/told.ts'

const chosen = 'four words are plenty'

test('an administrator invites, the person follows the link, chooses a password, and is in', async () => {
  const { service, account, mails, invite } = await setUp()
  const link = await invite()
  assert.match(mails[0]?.subject ?? '', /^Virkjaðu aðganginn/)
  assert.equal(mails[0]?.to, 'ada@example.org')

  const browser = createBrowser(service.origin)
  for (let scanner = 0; scanner < 3; scanner++)
    assert.equal((await browser.go(link)).status, 200, 'looking burns nothing')
  const page = await (await browser.go(link)).text()
  assert.match(page, /ada@example\.org/)
  const short = await browser.submit(page, 'activate', { password: 'too short', username: 'ada@example.org' })
  assert.deepEqual([short.status, /needs at least 12 characters/.test(await short.text())], [422, true])
  const long = await browser.submit(page, 'activate', {
    password: 'long '.repeat(26),
    username: 'ada@example.org',
  })
  assert.deepEqual([long.status, /at most 128 characters/.test(await long.text())], [422, true])
  const done = await browser.submit(page, 'activate', { password: chosen, username: 'ada@example.org' })
  assert.equal(await told(browser, done), '/sign-in: done.activated')
  assert.equal((await browser.go(link)).status, 410)
  assert.equal((await signIn(browser, { secret: chosen })).headers.get('location'), '/account')
  const [identified] = await service.kit.database.query<{ payload: unknown }>(
    `select payload from outbox_message where topic = 'identity.person_identified' limit 1`,
  )
  assert.deepEqual(identified?.payload, { person: account, email: 'ada@example.org', name: 'Ada Jónsdóttir' })
})

test('sixty-four use one link over two nodes: one chooses the password', async () => {
  const { service, invite } = await setUp()
  const link = await invite()
  const two = await testIdentity({ like: service, origin: service.origin })
  const browser = createBrowser(service.origin)
  const { hidden } = formOf(await (await browser.go(link)).text(), 'activate')
  const cookie = [...browser.jar].map(([name, { value }]) => `${name}=${value}`).join('; ')
  const { won } = await race(64, async (runner, ready) => {
    await ready()
    const at = runner % 2 === 0 ? service.origin : two.origin
    const answer = await fetch(`${at}/activate`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...hidden, password: `${chosen} ${runner}` }),
      headers: { cookie, origin: service.origin },
    })
    if (answer.status !== 303) throw new Error(String(answer.status))
    return runner
  })
  assert.equal(won.length, 1)
  assert.equal((await signIn(createBrowser(service.origin), { secret: `${chosen} ${won[0]}` })).status, 303)
})

test('a new link makes the old one worthless, a late one is over, and only administrators invite', async () => {
  const { service, account, invite } = await setUp()
  const first = await invite()
  const second = await invite()
  const browser = createBrowser(service.origin)
  assert.deepEqual([(await browser.go(first)).status, (await browser.go(second)).status], [410, 200])
  await service.kit.database.query(`update mailed_link set expires_at = now() - interval '1 second'`)
  assert.equal((await browser.go(second)).status, 410)
  const asMember = await service.asPerson(
    { subject: account, roles: ['election-manager'] },
    'POST',
    `/api/identity/users/${account}/activate`,
  )
  assert.equal(asMember.status, 403)
  const unknown = await service.asPerson(
    { subject: account, roles: ['administrator'] },
    'POST',
    '/api/identity/users/acc_00000000-0000-7000-8000-000000000000/activate',
  )
  assert.equal(unknown.status, 404)
})

async function setUp() {
  const { url, mails, because } = await testMailbox()
  const service = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url } })
  const account = await addAccount(service, { status: 'pending', withPassword: false })

  async function invite(): Promise<string> {
    const mail = await because(async () => {
      const answer = await service.asPerson(
        { subject: 'acc_00000000-0000-7000-8000-0000000000aa', roles: ['administrator'] },
        'POST',
        `/api/identity/users/${account}/activate`,
      )
      assert.equal(answer.status, 202)
    })
    return linkIn(mail)
  }
  return { service, account, mails, invite }
}
