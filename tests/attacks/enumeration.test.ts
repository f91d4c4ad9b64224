import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median } from '@althing/kernel/testing'
import { addAccount, createBrowser, formOf, testIdentity } from '../support/identity.ts'
import { addClient, basic } from '../support/protocol.ts'
import { testMailbox } from '../support/mailbox.ts'

/**
 * Whoever asks learns of no address whether it has an account: not by status, header or length, and not by time. Known and unknown
 * addresses are asked in turn, each its own, so that whatever else the machine does falls on both alike.
 */
const samples = 1000
const most = 5

const loose = Object.fromEntries(
  [
    'SIGN_IN_PER_ACCOUNT',
    'SIGN_IN_PER_ACCOUNT_EVERYWHERE',
    'SIGN_IN_PER_NETWORK',
    'BEGINNINGS_PER_NETWORK',
    'RECOVERIES_PER_NETWORK',
    'REGISTRATIONS_PER_NETWORK',
    'BACKCHANNEL_PER_CLIENT',
  ].map((name) => [`ALTHING_IDENTITY_${name}`, '1000000']),
)
// Mail that cannot go out would be tried again and again beside what is measured.
const { url } = await testMailbox()
const service = await testIdentity({
  env: {
    ...loose,
    ALTHING_IDENTITY_MAIL_URL: url,
    // Each wrong try is the one with which a wait begins, of which an owner is told: that must not be seen either.
    ALTHING_IDENTITY_LOCK_AFTER: '1',
  },
})
for (let n = 0; n < samples; n += 1) await addAccount(service, { email: `known${n}@example.org` })

interface Seen {
  readonly shape: string
  readonly milliseconds: number
}

/** What an answer says beside its time; what differs at every request is left out. */
async function shapeOf(answer: Response, address: string): Promise<string> {
  const headers = [...answer.headers]
    .filter(([name]) => !['date', 'x-correlation-id', 'x-request-id', 'content-length'].includes(name))
    .map(
      ([name, value]) =>
        `${name}: ${name === 'location' || name === 'set-cookie' ? value.replaceAll(/[\w-]{12,}/g, '*') : value}`,
    )
  const text = (await answer.text()).replaceAll(address, '*').replaceAll(/[\w-]{12,}/g, '*')
  return JSON.stringify([answer.status, headers, text.length])
}

/** @returns the median gap in milliseconds */
async function compare(ask: (address: string) => Promise<Response>): Promise<number> {
  const seen = { known: [] as Seen[], nobody: [] as Seen[] }
  for (let n = -20; n < samples; n += 1)
    for (const kind of n % 2 === 0 ? (['known', 'nobody'] as const) : (['nobody', 'known'] as const)) {
      // What is not measured warms both up, with addresses of its own.
      const address = `${kind}${n < 0 ? `-warm${-n}` : n}@example.org`
      const began = performance.now()
      const answer = await ask(address)
      const milliseconds = performance.now() - began
      const shape = await shapeOf(answer, address)
      if (n >= 0) seen[kind].push({ shape, milliseconds })
    }
  const shapes = new Set([...seen.known, ...seen.nobody].map(({ shape }) => shape))
  assert.equal(shapes.size, 1, [...shapes].slice(0, 2).join('\n'))
  const typical = (of: readonly Seen[]) => median(of.map(({ milliseconds }) => milliseconds))
  return Math.abs(typical(seen.known) - typical(seen.nobody))
}

/** One browser with one form, sent again and again: the page around it is fetched once. */
async function sender(path: string, id: string, fields: (address: string) => Record<string, string>) {
  const browser = createBrowser(service.origin)
  const { action, hidden } = formOf(await (await browser.go(path)).text(), id)
  return (address: string) => {
    for (const name of browser.jar.keys()) if (name.startsWith('althing_attempt')) browser.jar.delete(name)
    return browser.go(action, {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams({ ...hidden, ...fields(address) }),
    })
  }
}

const ways: Record<string, () => Promise<(address: string) => Promise<Response>>> = {
  'signing in': () => sender('/sign-in', 'sign-in', (identifier) => ({ identifier, password: 'wrong' })),
  'a forgotten password': () => sender('/recover', 'recover', (email) => ({ email })),
  'an application': () =>
    sender('/register', 'register', (email) => ({
      email,
      name: 'Ada',
      birth_date: '1990-01-01',
      terms: 'on',
    })),
}

/** What a passkey is asked: each address in a sign-in of its own, as far as the page that asks. */
async function passkeyOptions(address: string): Promise<Response> {
  const browser = createBrowser(service.origin)
  const begun = await browser.submit(await (await browser.go('/sign-in')).text(), 'sign-in', {
    identifier: address,
  })
  return browser.go(begun.headers.get('location') ?? '')
}

/** An application asks whoever has that address (OpenID CIBA), and would learn by it who is here. */
ways['a request to somebody who is elsewhere'] = async () => {
  const secret = await addClient(service, 'calls', {
    grant_types: ['urn:openid:params:grant-type:ciba'],
    backchannel_token_delivery_mode: 'poll',
  })
  return (address) =>
    fetch(`${service.origin}/oauth/backchannel`, {
      method: 'POST',
      headers: basic('calls', secret),
      body: new URLSearchParams({ scope: 'openid', login_hint: address }),
    })
}

ways['the question for a passkey'] = async () => passkeyOptions

for (const [what, make] of Object.entries(ways))
  test(`${what} tells nobody who has an account`, async (story) => {
    const gap = await compare(await make())
    story.diagnostic(`median gap ${gap.toFixed(2)} ms over 2 × ${samples}`)
    assert.ok(gap < most, `a median gap of ${gap.toFixed(2)} ms`)
  })

// Until a proof was shown no address is looked up: what a passkey is asked cannot differ, by time either.
test('the page of the password, and what it asks a passkey, are the same for every address', async () => {
  const pages: string[] = []
  for (const address of ['known1@example.org', 'nobody1@example.org']) {
    const browser = createBrowser(service.origin)
    const begun = await browser.submit(await (await browser.go('/sign-in')).text(), 'sign-in', {
      identifier: address,
    })
    const page = await (await browser.go(begun.headers.get('location') ?? '')).text()
    pages.push(page.replaceAll(address, '*').replaceAll(/[\w-]{12,}/g, '*'))
  }
  assert.equal(pages[0], pages[1])
})
