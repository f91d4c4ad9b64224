import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { median, race } from '@althing/kernel/testing'
import {
  addAccount,
  createBrowser,
  formOf,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'
import { linkIn, testMailbox } from '../../../tests/support/mailbox.ts'
import { told } from '../../../tests/support/told.ts'

const chosen = 'four other words are plenty'

test('who forgot their password chooses another by a link, and whoever was in with the old one is out', async () => {
  const { service, ask, because, mails } = await setUp()
  const thief = createBrowser(service.origin)
  assert.equal((await signIn(thief)).status, 303)
  assert.equal((await thief.go('/account')).status, 200)

  const owner = createBrowser(service.origin)
  const mail = await because(() => ask(owner, ' Ada@Example.org '))
  assert.deepEqual([mail.to, mail.subject], ['ada@example.org', 'Veldu nýtt lykilorð hjá Althing'])
  const link = linkIn(mail)
  assert.ok(link.startsWith(`${service.origin}/recover/password?token=`))
  for (let scanner = 0; scanner < 3; scanner += 1) assert.equal((await owner.go(link)).status, 200)
  const page = await (await owner.go(link)).text()
  assert.match(page, /It stands alone until you turn on a second step/)
  await service.kit.database.query(
    `insert into mailed_code_factor (account, channel, since) select id, 'sms', now() from account where email = 'ada@example.org'`,
  )
  assert.doesNotMatch(await (await owner.go(link)).text(), /It stands alone/, 'codes are asked for beside it')
  await service.kit.database.query('delete from mailed_code_factor')
  const username = 'ada@example.org'
  const short = await owner.submit(page, 'recover', { password: 'short', username })
  assert.deepEqual([short.status, /needs at least 12/.test(await short.text())], [422, true])

  const notice = await because(async () => {
    const done = await owner.submit(page, 'recover', { password: chosen, username })
    assert.equal(await told(owner, done), '/sign-in: done.password')
  })
  assert.match(notice.subject, /^Lykilorði þínu hjá .* var breytt$/)
  assert.equal((await owner.go(link)).status, 410)
  assert.equal((await thief.go('/account')).headers.get('location'), '/sign-in?return=%2Faccount')
  assert.equal((await signIn(createBrowser(service.origin))).status, 422)
  // The last mail says that somebody came in from a browser that was not known: the owner's own.
  await because(async () => {
    assert.equal((await signIn(owner, { secret: chosen })).headers.get('location'), '/account')
  })
  const [entry] = await service.kit.database.query<{ count: number }>(
    `select count(*)::int as count from audit_entry where action = 'passwords.recovered'`,
  )
  assert.deepEqual([entry?.count, mails.length], [1, 3])
})

test('only an active account whose address is proven gets the link; one that waits gets its first link again', async () => {
  const { service, ask, mails, because } = await setUp()
  await addAccount(service, { email: 'closed@example.org', status: 'banned' })
  await addAccount(service, { email: 'away@example.org', status: 'suspended' })
  await addAccount(service, { email: 'unproven@example.org' })
  await addAccount(service, { email: 'waits@example.org', status: 'pending', withPassword: false })
  await service.kit.database.query(
    `update account set email_proven = false where email = 'unproven@example.org'`,
  )
  const browser = createBrowser(service.origin)
  for (const name of ['closed', 'away', 'unproven', 'nobody'])
    assert.equal((await ask(browser, `${name}@example.org`)).headers.get('location'), '/recover/sent')
  const mail = await because(() => ask(browser, 'waits@example.org'))
  assert.deepEqual([mail.to, new URL(linkIn(mail)).pathname], ['waits@example.org', '/activate'])
  await pause(200)
  assert.equal(mails.length, 1)
})

test('an account that is closed after the link was sent stays closed', async () => {
  const { service, ask, because } = await setUp()
  const browser = createBrowser(service.origin)
  const link = linkIn(await because(() => ask(browser, 'ada@example.org')))
  const page = await (await browser.go(link)).text()
  await service.kit.database.query(`update account set status = 'banned'`)
  assert.equal((await browser.go(link)).status, 410)
  const late = await browser.submit(page, 'recover', { password: chosen, username: 'ada@example.org' })
  assert.equal(late.status, 410)
})

test('a link is for one purpose and one time, and a new one makes the old one worthless', async () => {
  const { service, ask, because } = await setUp()
  const browser = createBrowser(service.origin)
  const first = linkIn(await because(() => ask(browser, 'ada@example.org')))
  const second = linkIn(await because(() => ask(browser, 'ada@example.org')))
  assert.deepEqual([(await browser.go(first)).status, (await browser.go(second)).status], [410, 200])
  const token = new URL(second).searchParams.get('token') ?? ''
  assert.equal((await browser.go(`/activate?token=${token}`)).status, 410)
  await service.kit.database.query(`update mailed_link set expires_at = now() - interval '1 second'`)
  assert.equal((await browser.go(second)).status, 410)
  assert.equal((await browser.go('/recover/password')).status, 410)
})

test('sixty-four use one link over two nodes: one chooses the password', async () => {
  const { service, ask, because } = await setUp()
  const two = await testIdentity({ like: service, origin: service.origin })
  const browser = createBrowser(service.origin)
  const link = linkIn(await because(() => ask(browser, 'ada@example.org')))
  const { hidden } = formOf(await (await browser.go(link)).text(), 'recover')
  const cookie = [...browser.jar].map(([name, { value }]) => `${name}=${value}`).join('; ')
  const { won } = await race(64, async (runner, ready) => {
    await ready()
    const answer = await fetch(`${runner % 2 === 0 ? service.origin : two.origin}/recover/password`, {
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

test('an address is written to three times an hour, and nobody can tell that it was the fourth', async () => {
  const { service, ask, mails, because } = await setUp()
  const browser = createBrowser(service.origin)
  for (let time = 0; time < 3; time += 1) await because(() => ask(browser, 'ada@example.org'))
  const fourth = await ask(browser, 'ADA@example.org')
  assert.equal(fourth.headers.get('location'), '/recover/sent')
  await pause(300)
  assert.equal(mails.length, 3)
  const strict = await setUp({ ALTHING_IDENTITY_RECOVERIES_PER_NETWORK: '2' })
  const other = createBrowser(strict.service.origin)
  for (const [name, status] of [
    ['a', 303],
    ['b', 303],
    ['c', 429],
  ] as const)
    assert.equal((await strict.ask(other, `${name}@example.org`)).status, status)
  assert.equal((await createBrowser(service.origin).go('/recover')).status, 200)
})

test('what is no address, a form of another site and a forged host are refused or change nothing', async () => {
  const { service, ask, because } = await setUp()
  const browser = createBrowser(service.origin)
  for (const wrong of [
    '',
    'ada',
    'ada@',
    'ada@example.org\r\nBcc: eve@example.org',
    `${'a'.repeat(250)}@x.is`,
  ])
    assert.equal((await ask(browser, wrong)).status, 422, JSON.stringify(wrong))
  const { hidden } = formOf(await (await browser.go('/recover')).text(), 'recover')
  const foreign = await browser.go('/recover', {
    method: 'POST',
    body: new URLSearchParams({ ...hidden, email: 'ada@example.org' }),
    headers: { origin: 'https://attacker.example' },
  })
  assert.equal(foreign.status, 403)
  const mail = await because(() =>
    browser.go('/recover', {
      method: 'POST',
      body: new URLSearchParams({ ...hidden, email: 'ada@example.org' }),
      headers: {
        origin: service.origin,
        'x-forwarded-host': 'attacker.example',
        'x-forwarded-proto': 'https',
      },
    }),
  )
  assert.ok(linkIn(mail).startsWith(`${service.origin}/`))
})

test('neither words nor lengths nor time tell whether there is such an account', async () => {
  const { service } = await setUp()
  const browser = createBrowser(service.origin)
  const { hidden } = formOf(await (await browser.go('/recover')).text(), 'recover')
  const times: Record<string, number[]> = { 'ada@example.org': [], 'eve@example.org': [] }
  const answers = new Set<string>()
  for (let sample = 0; sample < 200; sample += 1)
    for (const [email, taken] of Object.entries(times)) {
      const began = performance.now()
      const answer = await browser.go('/recover', {
        method: 'POST',
        body: new URLSearchParams({ ...hidden, email }),
        headers: { origin: service.origin },
      })
      taken.push(performance.now() - began)
      const headers = [...answer.headers].filter(([name]) => !['date', 'x-correlation-id'].includes(name))
      answers.add(JSON.stringify([answer.status, headers, (await answer.text()).length]))
    }
  assert.equal(answers.size, 1, [...answers].join('\n'))
  const [known = 0, unknown = 0] = Object.values(times).map(median)
  assert.ok(Math.abs(known - unknown) < 5, `${known} ms against ${unknown} ms`)
})

async function setUp(env: Readonly<Record<string, string>> = {}) {
  const { url, mails, because } = await testMailbox()
  const service = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url, ...env } })
  await addAccount(service)
  const ask = async (browser: Browser, email: string) =>
    browser.submit(await (await browser.go('/recover')).text(), 'recover', { email })
  return { service, mails, because, ask }
}
