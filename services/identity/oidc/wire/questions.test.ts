/** Every way in which an application can ask for more than a session: each is asked once, and each ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../../tests/support/identity.ts'
import { addClient, addResource, api, callback, through } from '../../../../tests/support/protocol.ts'
import type { ClientWords } from '../../clients/schema.ts'

const service = await testIdentity()
await addAccount(service)
const loopback = 'http://127.0.0.1/callback'
const kinds: Record<string, ClientWords> = {
  confidential: {},
  public: { token_endpoint_auth_method: 'none' },
  native: { application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: [loopback] },
}
const modes = ['session', 'skip'] as const
for (const [kind, words] of Object.entries(kinds))
  for (const consent of modes)
    await addClient(service, `${kind}-${consent}`, { ...words, consent, scope: 'openid email' })

const at = (kind: string, more: Readonly<Record<string, string>> = {}) =>
  `/oauth/authorize?${new URLSearchParams({
    client_id: kind,
    response_type: 'code',
    redirect_uri: kind.startsWith('native') ? loopback : callback,
    scope: 'openid email',
    ...more,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString()}`

/** As if everybody had signed in an hour ago, and nobody had tried too often since. */
async function anHourPasses(): Promise<void> {
  await service.kit.database.query(`update session set auth_time = auth_time - interval '1 hour'`)
  await service.kit.database.query('delete from limit_counter')
}

const cases = Object.keys(kinds).flatMap((kind) =>
  modes.flatMap((mode) =>
    ['', 'login', 'consent', 'login consent'].flatMap((prompt) =>
      ['', '60'].map((age) => ({ kind, mode, prompt, age })),
    ),
  ),
)

test('whatever is asked for: one sign-in and one consent at most, and then the application', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  for (const { kind, mode, prompt, age } of cases) {
    const more = { ...(prompt === '' ? {} : { prompt }), ...(age === '' ? {} : { max_age: age }) }
    await service.kit.database.query(`delete from oidc_record where kind = 'Grant'`)
    for (const isAllowed of [false, true]) {
      await anHourPasses()
      const { url, signIns, consents } = await through(browser, at(`${kind}-${mode}`, more))
      const isProven = prompt.includes('login') || age !== ''
      const isAsked = (mode !== 'skip' && !isAllowed) || prompt.includes('consent') || kind === 'native'
      assert.deepEqual(
        [url.searchParams.has('code'), signIns, consents],
        [true, Number(isProven), Number(isAsked)],
        JSON.stringify({ kind, mode, more, isAllowed }),
      )
    }
  }
})

test('a fresh sign-in that is asked for is not passed by with the session there is, on any page', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  await through(browser, at('public-session'))
  for (const more of [{ prompt: 'login' }, { max_age: '60' }, { acr_values: 'urn:althing:acr:mfa' }]) {
    await anHourPasses()
    const begun = await browser.go(at('public-session', more))
    const { search } = new URL(begun.headers.get('location') ?? '', service.origin)
    for (const path of ['/sign-in', '/sign-in/agreement']) {
      const { response } = await browser.follow(await browser.go(`${path}${search}`))
      assert.match(await response.text(), /id="sign-in"/, JSON.stringify({ more, path }))
    }
  }
  const question = await browser.go(at('public-session', { prompt: 'login' }))
  const { url } = await browser.follow(await signIn(browser, { at: question.headers.get('location') ?? '' }))
  assert.ok(url.searchParams.has('code'), 'a proof that is given then does')
})

test('a request that comes as a form is the same request, for whoever is signed in', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  await through(browser, at('public-session'))
  const [path = '', body = ''] = at('public-session').split('?')
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const sent = await browser.go(`${path}?client_id=nobody`, { ...form, body })
  assert.deepEqual([sent.status, sent.headers.get('location')], [303, `${path}?${body}`])
  assert.ok((await browser.follow(sent)).url.searchParams.has('code'))
})

test('whoever is asked reads at which service the token will be shown, and what may be done there', async () => {
  await addResource(service)
  await addResource(service, {
    uri: 'https://elsewhere.example/',
    name: 'The <b>archive</b>',
    scopes: ['read'],
  })
  const resources = { [api]: 'read write', 'https://elsewhere.example/': 'read' }
  await addClient(service, 'planner', { scope: 'openid email', resources })
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const asked = { scope: 'openid email write read', resource: api }
  const pageOf = async (start: string) => (await browser.follow(await browser.go(start))).response.text()
  const page = await pageOf(at('planner', asked))
  const [before = '', after = ''] = page.split('At the service The calendar:')
  assert.match(after, /https:\/\/api\.example\/[^]*use “write”[^]*use “read”/)
  assert.doesNotMatch(before, /use “/)
  assert.doesNotMatch(page, /archive/, 'no other is named')
  const both = await pageOf(
    `${at('planner', asked)}&resource=${encodeURIComponent('https://elsewhere.example/')}`,
  )
  assert.match(
    both,
    /At the service The calendar:[^]*At the service The &lt;b&gt;archive&lt;\/b&gt;:[^]*elsewhere\.example[^]*use “read”/,
  )
  const begun = await browser.go(at('planner', asked))
  const icelandic = await browser.go(`${begun.headers.get('location') ?? ''}&lang=is`)
  assert.match(await icelandic.text(), /Hjá þjónustunni The calendar:/)
  assert.doesNotMatch(await pageOf(at('planner', { scope: 'openid email' })), /At the service/)
})
