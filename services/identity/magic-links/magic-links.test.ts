import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import { codeOf, submitCode, turnOnTwoStep } from '../../../tests/support/factors.ts'
import {
  addAccount,
  createBrowser,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'
import { linkIn, testMailbox } from '../../../tests/support/mailbox.ts'

const { url, mails, because } = await testMailbox()
const service = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url } })

/** At the page of the password, whoever the address belongs to. */
async function ask(browser: Browser, identifier: string, back?: string): Promise<Response> {
  const at = back === undefined ? '/sign-in' : `/sign-in?return=${encodeURIComponent(back)}`
  const begun = await browser.submit(await (await browser.go(at)).text(), 'sign-in', { identifier })
  return browser.submit(await (await browser.go(begun.headers.get('location') ?? '')).text(), 'link', {})
}

const use = async (browser: Browser, link: string) =>
  browser.submit(await (await browser.go(link)).text(), 'use-link', {})

test('a link signs in on the device on which it is opened, once, by its button', async () => {
  await addAccount(service, { email: 'one@example.org' })
  const [asking, opening] = [createBrowser(service.origin), createBrowser(service.origin)]
  const mail = await because(() => ask(asking, ' One@Example.org ', '/account/security'), 'one@example.org')
  assert.deepEqual([mail.to, mail.subject], ['one@example.org', 'Innskráning hjá Althing'])
  const link = linkIn(mail)
  assert.ok(
    link.startsWith(`${service.origin}/sign-in/link?token=`),
    'from our own address, whatever the request said',
  )
  for (let scanner = 0; scanner < 3; scanner += 1) assert.equal((await opening.go(link)).status, 200)
  const kept = await (await opening.go(link)).text()
  assert.equal((await use(opening, link)).headers.get('location'), '/account/security')
  assert.equal((await asking.go('/account')).status, 303, 'the device that asked stays outside')
  assert.equal((await opening.submit(kept, 'use-link', {})).status, 410)
  assert.equal((await opening.go(link)).status, 410)
})

test('64 that use one link at one moment: one comes in', async () => {
  await addAccount(service, { email: 'two@example.org' })
  const browser = createBrowser(service.origin)
  const link = linkIn(await because(() => ask(browser, 'two@example.org'), 'two@example.org'))
  const page = await (await browser.go(link)).text()
  const answers = await Promise.all(Array.from({ length: 64 }, () => browser.submit(page, 'use-link', {})))
  assert.equal(answers.filter(({ status }) => status === 303).length, 1)
})

test('a link does not go around the second step', async () => {
  await addAccount(service, { email: 'three@example.org' })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: 'three@example.org' })
  const { secret } = await turnOnTwoStep(owner)
  const thief = createBrowser(service.origin)
  const before = mails.length
  await ask(thief, 'three@example.org')
  const link = await linkTo('three@example.org', before, 'Innskráning hjá')
  const next = await use(thief, link)
  assert.match(next.headers.get('location') ?? '', /^\/sign-in\/code\?attempt=/)
  assert.equal((await thief.go('/account')).status, 303)
  const done = await submitCode(thief, next.headers.get('location') ?? '', codeOf(secret))
  assert.equal(done.headers.get('location'), '/account')
})

test('no answer tells whether there is an account, and only a proven address of an open account is written to', async () => {
  await addAccount(service, { email: 'closed@example.org', status: 'banned' })
  await addAccount(service, { email: 'unproven@example.org' })
  await service.kit.database.query(
    `update account set email_proven = false where email = 'unproven@example.org'`,
  )
  const before = mails.length
  for (const name of ['closed', 'unproven', 'nobody']) {
    const answer = await ask(createBrowser(service.origin), `${name}@example.org`)
    assert.equal(answer.headers.get('location'), '/sign-in/link/sent')
  }
  await addAccount(service, { email: 'last@example.org' })
  await because(() => ask(createBrowser(service.origin), 'last@example.org'), 'last@example.org')
  // Notices to others may still be on their way; of those who asked here, one was written to.
  const asked = ['closed', 'unproven', 'nobody', 'last'].map((name) => `${name}@example.org`)
  assert.deepEqual(
    mails.slice(before).flatMap(({ to }) => (asked.includes(to) ? [to] : [])),
    ['last@example.org'],
  )
})

test('a link of another purpose, an old one, or one that was asked for again is of no use', async () => {
  await addAccount(service, { email: 'four@example.org' })
  const browser = createBrowser(service.origin)
  const first = linkIn(await because(() => ask(browser, 'four@example.org'), 'four@example.org'))
  const second = linkIn(await because(() => ask(browser, 'four@example.org'), 'four@example.org'))
  assert.equal((await browser.go(first)).status, 410)
  const token = new URL(second).searchParams.get('token') ?? ''
  assert.equal((await browser.go(`/recover/password?token=${token}`)).status, 410)
  await service.kit.database.query(`update mailed_link set expires_at = now() - interval '1 second'`)
  assert.equal((await browser.go(second)).status, 410)
})

async function linkTo(to: string, from: number, subject: string): Promise<string> {
  const letter = () => mails.slice(from).find((mail) => mail.to === to && mail.subject.startsWith(subject))
  return linkIn(await until(letter, `the letter “${subject}” to ${to}`))
}
