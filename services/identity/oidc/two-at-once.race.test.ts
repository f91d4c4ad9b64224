/** One browser, several requests at once: each goes on, what each has done stays done, and the cookie is the one of the last sign-in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilBlocked } from '@althing/kernel/testing'
import {
  addAccount,
  createBrowser,
  password,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'
import { addClient, callback } from '../../../tests/support/protocol.ts'
import { createSessionStore } from '../sessions/store.ts'

const loose = {
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '10000',
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '10000',
  ALTHING_IDENTITY_SIGN_IN_PER_NETWORK: '10000',
}
const service = await testIdentity({ env: loose })
const { database } = service.kit
for (const id of ['one', 'two']) await addClient(service, id, { consent: 'skip' })
const cookie = 'althing_id'

test('two applications that are opened at once both get their code, and the person stays signed in', async () => {
  for (let turn = 0; turn < 10; turn += 1) {
    const { browser, applications } = await inside()
    const ends = await Promise.all([walk(browser, asked('one')), walk(browser, asked('two'))])
    for (const end of ends) assert.match(end, /^https:\/\/shop\.example\/callback\?.*code=/, `turn ${turn}`)
    assert.equal((await browser.go('/account')).status, 200)
    assert.deepEqual(await applications(), ['one', 'two'])
  }
})

for (const [first, second] of [
  ['one', 'two'],
  ['two', 'one'],
] as const)
  test(`the session knows both applications when the answer for ${first} is written before that for ${second}`, async () => {
    const { browser, account, applications } = await inside()
    const before = browser.jar.get(cookie)?.value
    const resumes = new Map<string, string>()
    for (const id of [first, second]) resumes.set(id, await upToResume(browser, asked(id)))
    const calls = await whileHeld(
      account,
      [first, second].map((id) => () => browser.go(resumes.get(id) ?? '')),
    )
    for (const answer of calls) assert.match(answer.headers.get('location') ?? '', /code=/)
    assert.deepEqual(await applications(), ['one', 'two'])
    assert.equal(browser.jar.get(cookie)?.value, before, 'no sign-in, no new cookie')
    assert.equal((await browser.go('/account')).status, 200)
  })

for (const order of ['before', 'after'] as const)
  test(`a sign-in that is written ${order} what another request has begun is not undone by it`, async () => {
    const { browser, account, applications, email } = await inside()
    const old = browser.jar.get(cookie)?.value ?? ''
    const other = copyOf(browser)
    const resume = await upToResume(other, asked('one'))
    const { response } = await browser.follow(await browser.go('/sign-in/again?return=/account'))
    const page = await response.text()
    const renew = () => browser.submit(page, 'password-form', { password })
    const goOn = () => other.go(resume)
    const calls = await whileHeld(account, order === 'before' ? [renew, goOn] : [goOn, renew])
    const answer = calls[order === 'before' ? 1 : 0]
    assert.match(answer?.headers.get('location') ?? '', /code=/, email)
    assert.deepEqual(cookiesOf(answer), [], 'the answer under way says nothing of the cookie')
    assert.notEqual(browser.jar.get(cookie)?.value, old)
    assert.equal((await browser.go('/account')).status, 200, 'the cookie of the sign-in')
    assert.equal((await withCookie(old).go('/account')).status, 303, 'the one from before')
    assert.equal((await withCookie(old).go(asked('two'))).headers.get('location')?.includes('code='), false)
    assert.deepEqual(await applications(), ['one'])
  })

test('a session that ends while a request is under way stays ended', async () => {
  const { browser, account } = await inside()
  const resume = await upToResume(browser, asked('one'))
  await whileHeld(account, [() => browser.go(resume)], (db) =>
    db.query('delete from session where account = $1', [account]),
  )
  assert.equal((await browser.go('/account')).status, 303)
  assert.equal((await database.query('select from session where account = $1', [account])).length, 0)
})

test('the provider gives no cookie of a session: to a stranger, to a planted one, to an old one', async () => {
  const { browser } = await inside()
  const old = copyOf(browser)
  await browser.submit(await (await browser.go('/account')).text(), 'sign-out', {})
  for (const who of [createBrowser(service.origin), withCookie('planted-by-somebody-else'), old]) {
    const answer = await who.go(asked('one'))
    assert.match(answer.headers.get('location') ?? '', /^\/sign-in/)
    assert.deepEqual(cookiesOf(answer), [])
  }
})

test('what the engine keeps of one application leaves the others as they are, and touches no session but its own', async () => {
  const { account, applications, session } = await inside()
  const { keepEngine } = createSessionStore(database)
  const id = await session()
  const add = (client: string) => ({ authorizations: { [client]: { sid: client } }, gone: [] })
  await Promise.all(['one', 'two', 'three'].map((client) => keepEngine(id, account, add(client))))
  assert.deepEqual(await applications(), ['one', 'three', 'two'])
  assert.equal(await keepEngine(id, account, { ...add('four'), gone: ['two'] }), true)
  assert.deepEqual(await applications(), ['four', 'one', 'three'])
  const note = async () => (await database.query('select engine from session where id = $1', [id]))[0]
  await keepEngine(id, account, { authorizations: {}, gone: [], note: { state: { secret: 'x' } } })
  assert.match(JSON.stringify(await note()), /"secret":"x"/)
  await keepEngine(id, account, add('one'))
  assert.match(JSON.stringify(await note()), /"secret":"x"/, 'another request leaves the note')
  await keepEngine(id, account, { authorizations: {}, gone: [], note: {} })
  assert.doesNotMatch(JSON.stringify(await note()), /secret|state/)
  assert.equal(await keepEngine(id, 'acc_of_somebody_else', add('five')), false)
  assert.equal(await keepEngine('ses_none', account, add('five')), false)
  assert.deepEqual(await applications(), ['four', 'one', 'three'])
})

const asked = (client: string): string =>
  `/oauth/authorize?${new URLSearchParams({
    client_id: client,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  }).toString()}`

let count = 0
async function inside() {
  const email = `person${(count += 1)}@example.org`
  const account = await addAccount(service, { email })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: email })
  return {
    browser,
    account,
    email,
    async session() {
      const [row] = await database.query<{ id: string }>('select id from session where account = $1', [
        account,
      ])
      return row?.id ?? ''
    },
    async applications() {
      const rows = await database.query<{ client: string }>(
        `select jsonb_object_keys(engine -> 'authorizations') as client from session where account = $1`,
        [account],
      )
      return rows.map(({ client }) => client).toSorted()
    },
  }
}

function copyOf(browser: Browser): Browser {
  const other = createBrowser(service.origin)
  for (const [name, value] of browser.jar) other.jar.set(name, value)
  return other
}

function withCookie(value: string): Browser {
  const browser = createBrowser(service.origin)
  browser.jar.set(cookie, { value, path: '/' })
  return browser
}

const cookiesOf = (answer: Response | undefined): string[] =>
  answer?.headers.getSetCookie().filter((line) => line.startsWith(`${cookie}=`)) ?? ['no answer']

/** All the way, beside whatever else this browser does. */
async function walk(browser: Browser, start: string): Promise<string> {
  const { url, response } = await browser.follow(await browser.go(start))
  return url.host === 'shop.example' ? url.href : `${url.href} ${response.status}`
}

/** The engine asks for a grant and a page of ours gives it: the next step is the engine's answer. */
async function upToResume(browser: Browser, start: string): Promise<string> {
  const { url } = await browser.follow(await browser.go(start), ({ pathname }) =>
    /^\/oauth\/authorize\/./.test(pathname),
  )
  assert.match(url.pathname, /^\/oauth\/authorize\/./)
  return `${url.pathname}${url.search}`
}

type Db = Parameters<Parameters<typeof database.transaction>[0]>[0]

/** Each comes as far as writing to the session before the next is sent, and they are let go in that order. */
async function whileHeld(
  account: string,
  requests: readonly (() => Promise<Response>)[],
  work: (db: Db) => Promise<unknown> = async () => {},
): Promise<Response[]> {
  const calls: Promise<Response>[] = []
  await database.transaction(async (db) => {
    await db.query('select from session where account = $1 for update', [account])
    for (const request of requests) {
      calls.push(request())
      await untilBlocked(db, calls.length)
    }
    await work(db)
  })
  return Promise.all(calls)
}
