/** What the tests of codes by mail and text message do again and again: turn them on, ask for one, read it where it arrived. */
import assert from 'node:assert/strict'
import { until } from '@althing/kernel/testing'
import { addAccount, createBrowser, formOf, signIn, type Browser, type TestIdentity } from './identity.ts'
import { linkIn, type Mail } from './mailbox.ts'
import { told } from './told.ts'

interface Needs {
  readonly service: TestIdentity
  readonly mails: readonly Mail[]
  readonly because: (work: () => Promise<unknown>, to?: string) => Promise<Mail>
}

export function codeStories({ service, mails, because }: Needs) {
  const { database } = service.kit

  async function setUp(email: string, on: readonly ('mail' | 'sms')[]) {
    const account = await addAccount(service, { email })
    const owner = createBrowser(service.origin)
    await signIn(owner, { identifier: email })
    if (on.includes('sms')) {
      const phone = phoneOf(email)
      await setPhone(account, phone)
      const { page, code } = await askPhone(owner, phone)
      const done = await owner.submit(page, 'prove-phone', { code })
      assert.equal(await told(owner, done), '/account/security: done.phone')
    }
    for (const channel of on) {
      const page = await (await owner.go('/account/security')).text()
      const done = await owner.submit(page, `code-${channel}-on`, {})
      assert.equal(await told(owner, done), '/account/security: done.codes')
    }
    await quiet(email, on.length === 0 ? 0 : on.length + (on.includes('sms') ? 1 : 0))
    const first = async (browser = createBrowser(service.origin)) => {
      const answer = await signIn(browser, { identifier: email })
      return { browser, at: answer.headers.get('location') ?? '' }
    }
    /** From wherever the first step leads to the page of the code, with the code that came. */
    async function ask(browser: Browser, at: string, channel: 'mail' | 'sms') {
      const to = channel === 'mail' ? email : phoneOf(email)
      const chooser = await ways(browser, at)
      const before = mails.length
      const sent = await browser.submit(chooser, `send-${channel}`, {})
      assert.match(sent.headers.get('location') ?? '', /^\/sign-in\/mailed-code\?/)
      // It was handed over before the page came.
      const mail = mails.slice(before).find((one) => one.to === to && /\b\d{6}\b/.test(one.text))
      const page = await (await browser.go(sent.headers.get('location') ?? '')).text()
      return { page, to: mail?.to ?? '', code: codeIn(mail?.text ?? '') }
    }
    return { account, owner, first, ask }
  }

  async function ways(browser: Browser, at: string): Promise<string> {
    const attempt = new URL(at, service.origin).searchParams.get('attempt') ?? ''
    return (await browser.go(`/sign-in/ways?attempt=${attempt}`)).text()
  }

  async function askPhone(owner: Browser, phone: string) {
    const page = await (await owner.go('/account/security')).text()
    const before = mails.length
    const sent = await owner.submit(page, 'prove-phone', {})
    assert.equal(sent.headers.get('location'), '/account/phone')
    const text = mails.slice(before).find(({ to }) => to === phone)?.text ?? ''
    return { page: await (await owner.go('/account/phone')).text(), code: codeIn(text) }
  }

  /** Notices of the setting up are under way to the same mailbox: they have come before the story begins. */
  async function quiet(email: string, notices: number): Promise<void> {
    await until(() => mails.filter(({ to }) => to === email).length >= notices, `${notices} notices`)
  }

  const setPhone = (account: string, phone: string) =>
    database.query('update account set phone = $2 where id = $1', [account, phone])

  const factorsOf = (account: string) =>
    database.query('select channel from mailed_code_factor where account = $1', [account])

  async function sessionOf(account: string) {
    const [session] = await database.query<{ acr: string; amr: string[] }>(
      'select acr, amr from session where account = $1 order by started_at desc limit 1',
      [account],
    )
    return session
  }

  const csrfOf = async (browser: Browser): Promise<string> =>
    formOf(await (await browser.go('/account/profile')).text(), 'profile').hidden['csrf'] ?? ''

  const post = (browser: Browser, path: string, fields: Readonly<Record<string, string>>) =>
    browser.go(path, {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams(fields),
    })

  /** @returns where the link leads */
  async function byLink(browser: Browser, email: string): Promise<string> {
    const begun = await browser.submit(await (await browser.go('/sign-in')).text(), 'sign-in', {
      identifier: email,
    })
    const page = await (await browser.go(begun.headers.get('location') ?? '')).text()
    const mail = await because(() => browser.submit(page, 'link', {}), email)
    const used = await browser.submit(await (await browser.go(linkIn(mail))).text(), 'use-link', {})
    return used.headers.get('location') ?? ''
  }

  return { setUp, ways, askPhone, setPhone, factorsOf, sessionOf, csrfOf, post, byLink }
}

/** A number of one's own for each story. */
export const phoneOf = (email: string) =>
  `+354555${String(Buffer.from(email).reduce((a, b) => (a * 31 + b) % 9000, 7) + 1000)}`

/** The code in a text or a mail. */
export const codeIn = (text: string) => /\b(\d{6})\b/.exec(text)?.[1] ?? ''
