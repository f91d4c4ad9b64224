/** What somebody may or may not do for a while stands on the page of their account, with its end, its reason and who gave it. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'

/** A policy that says what it is told to say, or is away. */
const policy: { standing: readonly unknown[] | null; asked: string[] } = { standing: [], asked: [] }
const server = createServer((request, response) => {
  // Of policies there is no news.
  if (request.url?.startsWith('/internal/policy/bundle') === true) return
  policy.asked.push(request.url ?? '')
  if (policy.standing === null) return void request.socket.destroy()
  response.setHeader('content-type', 'application/json')
  return void response.end(JSON.stringify({ standing: policy.standing }))
})
await new Promise<void>((done) => server.listen(0, 'localhost', done))
after(() => (server.closeAllConnections(), server.close()))
const service = await testIdentity({
  peerUrls: { policy: `http://localhost:${(server.address() as { port: number }).port}` },
})
const ada = await addAccount(service, { email: 'ada@example.org', name: 'Ada Jónsdóttir' })
const una = await addAccount(service, { email: 'una@example.org', name: 'Una' })
const browser = createBrowser(service.origin)
await signIn(browser, { identifier: 'una@example.org' })

async function sectionIn(lang: 'is' | 'en'): Promise<string> {
  const text = await (await browser.go(`/account?lang=${lang}`)).text()
  return /<section[^>]*overrides-title[^]*?<\/section>/.exec(text)?.[0] ?? ''
}

const one = {
  id: 'ovr_1',
  kind: 'deny',
  role: null,
  actions: ['members.list', 'mill.grind'],
  words: { 'members.list': { en: 'See the list of members', is: 'Sjá félagatalið' } },
  resource: { type: 'Election', id: '<b>e1</b>' },
  reason: 'Away until Friday',
  until: '2126-12-24T22:15:00.000Z',
  by: [`person:${ada}`],
}

test('whoever has none sees nothing of it, and policy is asked about nobody else', async () => {
  policy.standing = []
  policy.asked = []
  assert.equal(await sectionIn('en'), '')
  assert.deepEqual(policy.asked, [`/internal/policy/standing/${una}`])
})

test('a ban, a permission and emergency access are said in the language of the page', async () => {
  const bea = 'person:acc_00000000-0000-4000-8000-00000000beab'
  policy.standing = [
    one,
    { ...one, kind: 'allow', resource: null, by: [`person:${ada}`, bea] },
    { ...one, kind: 'emergency', role: 'administrator', actions: [], resource: null, by: ['operator:root'] },
  ]
  const english = await sectionIn('en')
  assert.match(
    english,
    /You may not:[^]*see the list of members; mill\.grind \(in the election &lt;b&gt;e1&lt;\/b&gt;\)/,
  )
  assert.match(
    english,
    /Until[^]*24 December 2126 at 22:15[^]*Decided by: Ada Jónsdóttir\.[^]*Reason: Away until Friday/,
  )
  assert.match(english, /You may:[^]*\(on everything\)[^]*Decided by: Ada Jónsdóttir\./)
  assert.match(english, /Emergency access:[^]*Administrator[^]*Decided by: whoever runs the system/)
  assert.match(
    await sectionIn('is'),
    /Þú mátt ekki:[^]*sjá félagatalið; mill\.grind \(í kosningunni [^]*Þú mátt:[^]*\(alls staðar\)[^]*Neyðaraðgangur:[^]*Stjórnandi/,
  )
})

test('where policy does not answer the page says so and shows all the rest', async () => {
  policy.standing = null
  assert.match(await sectionIn('en'), /cannot be shown right now/)
  assert.match(await sectionIn('is'), /Ekki er hægt að sýna núna/)
  assert.match(await (await browser.go('/account')).text(), /una@example\.org/)
})
