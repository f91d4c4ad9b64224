/** The examples as their README says: registered by command, started, used in a real browser over a real Althing. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { demoPassword } from '../../run/demo/people.ts'
import { freePorts } from '../../run/ports.ts'
import { buildWeb } from '../../tools/web.ts'
import { startAlthing, type Althing } from '../support/althing.ts'
import { inherited } from '../support/inherited.ts'
import { overflow, violations } from './screenshots.ts'
import { createDevices, heading, press } from './people-at-devices.ts'

const folder = mkdtempSync(join(tmpdir(), 'althing-examples-'))
const [webPort = 0, apiPort = 0, betweenPort = 0, ownPort = 0] = await freePorts(4)
const web = `http://localhost:${webPort}`
const api = `http://localhost:${apiPort}/`
let althing: Althing
const programs: ChildProcess[] = []
/** What the examples complain of. */
const printed: string[] = []
const { device, signIn: signInAtAlthing, close } = createDevices(() => althing)

/** Between application and API: sees the tokens that no browser ever sees. */
const seen: string[] = []
const between = createServer((request, response) => {
  const { authorization = '' } = request.headers
  seen.push(authorization)
  void fetch(new URL(request.url ?? '', api), {
    method: request.method ?? '',
    headers: { authorization },
  }).then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
})

before(async () => {
  await buildWeb({ only: ['ui', 'signin', 'account', 'admin'] })
  await new Promise<void>((done) => between.listen(betweenPort, 'localhost', done))
  althing = await startAlthing({
    env: {
      ALTHING_IDENTITY_BREACH_URL: '',
      ALTHING_IDENTITY_EGRESS_ALLOWED: `localhost:${webPort},localhost:${ownPort}`,
    },
  })
  cli('resources', 'add', here('api/resource.json'))
  cli('clients', 'apply', here('clients.yaml'), '--secrets-to', join(folder, 'secrets.json'))
  const { secrets } = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')) as {
    secrets: { id: string; secret: string }[]
  }
  const start = (name: string, env: Record<string, string>) =>
    run(name, { CLIENT_SECRET: secrets.find(({ id }) => id === env['ID'])?.secret ?? '', ...env })
  await start('api', { ID: 'example-api' })
  await start('web-app', { ID: 'example-web', API_AT: `http://localhost:${betweenPort}/` })
})
after(async () => {
  for (const program of programs) program.kill()
  await close()
  between.close().closeAllConnections()
  await althing.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** A file of the examples, for ports of this story. */
function here(path: string, change = (text: string) => text): string {
  const text = readFileSync(new URL(`../../examples/${path}`, import.meta.url), 'utf8')
  const file = join(folder, path.replaceAll('/', '-'))
  writeFileSync(file, change(text.replaceAll(':4000', `:${webPort}`).replaceAll(':4001', `:${apiPort}`)))
  return file
}

function cli(...words: string[]): void {
  const { status, stderr } = said(...words)
  assert.equal(status, 0, stderr)
}

function said(...words: string[]) {
  const script = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...words], {
    env: { ...inherited(), ALTHING_DATA: althing.folder },
    encoding: 'utf8',
  })
}

async function run(name: string, env: Record<string, string>): Promise<ChildProcess> {
  const script = fileURLToPath(new URL(`../../examples/${name}/main.ts`, import.meta.url))
  const program = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    env: { ...inherited(), ALTHING_URL: althing.url, WEB_URL: web, API_URL: api, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  program.stderr.on('data', (text: Buffer) => printed.push(String(text)))
  programs.push(program)
  await new Promise<void>((done, fail) => {
    program.stdout.once('data', () => done())
    program.once('exit', (code) => fail(new Error(`${name} ended with ${code}`)))
  })
  return program
}

/** From the example to Althing and back. */
async function signIn(page: Page, at = web): Promise<void> {
  await page.goto(at)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail address').fill('member@example.org')
  await press(page, /^Continue$/)
  await page.getByLabel('Password', { exact: true }).fill(demoPassword)
  await press(page, 'Sign in')
  const allow = page.locator('#consent [value=allow]')
  await allow.or(page.getByText('Hello,')).first().waitFor()
  if (await allow.isVisible()) await allow.click()
  await heading(page, /^Hello, /)
}

const note = async (page: Page, text: string | RegExp) => {
  await press(page, 'Write a note')
  await page.getByText(text, { exact: true }).first().waitFor()
}
const ask = (authorization: string, method = 'GET') =>
  fetch(`${api}notes`, { method, headers: authorization === '' ? {} : { authorization } })

test('somebody signs in, the API is asked in their name, and they sign out everywhere', async () => {
  const page = await device()
  await signIn(page)
  assert.match((await page.locator('h1').textContent()) ?? '', /^Hello, \p{L}+ \p{L}/u, 'by name')
  await note(page, 'Note 1')
  assert.deepEqual([await violations(page), await overflow(page)], [[], 0])
  const token = seen.at(-1) ?? ''
  assert.equal((await ask(token)).status, 200)

  const refused: [string, string][] = [
    ['no token', ''],
    ['one that was changed', `${token.slice(0, -8)}AAAAAAAA`],
    ['one that nobody gave', `Bearer ${'x'.repeat(43)}`],
    ['another kind of proof', token.replace('Bearer', 'Basic')],
  ]
  for (const [what, shown] of refused) {
    const answer = await ask(shown)
    assert.equal(answer.status, 401, what)
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/)
  }

  await press(page, 'Sign out everywhere')
  await page.locator('#sign-out').waitFor()
  await page.locator('#sign-out button[type=submit]').first().click()
  await heading(page, 'Welcome')
  assert.equal(page.url(), `${web}/`)
  await page.goto(`${althing.url}/account`)
  await page.getByLabel('E-mail address').waitFor()
})

test('a token that says nothing by itself is worth nothing from the moment of the sign-out', async () => {
  const opaque = (text: string) =>
    text.replace('access_token_seconds: 120', 'access_token_format: opaque\n    access_token_seconds: 30')
  cli('clients', 'apply', here('clients.yaml', opaque))
  const page = await device()
  await signIn(page)
  await note(page, 'Note 2')
  const [before, token] = seen.slice(-2)
  assert.notEqual(before, token, 'one that ends in half a minute is refreshed before it is used')
  assert.equal((await ask(token ?? '')).status, 200)

  // Signed out at Althing, not here: it says so, and the example ends its own session.
  await page.goto(`${althing.url}/account`)
  await press(page, /^Sign out$/)
  await page.waitForURL((url) => url.pathname !== '/account')
  for (let tries = 0; tries < 50; tries += 1) {
    await page.goto(web)
    if (await page.getByRole('heading', { name: 'Welcome' }).isVisible()) break
    await page.waitForTimeout(100)
  }
  await heading(page, 'Welcome')
  assert.equal((await ask(token ?? '')).status, 401)
})

test('connected in the console instead, without its server it says what was refused, and with it people sign in; of an API that is away it says that', async () => {
  const own = `http://localhost:${ownPort}`
  const office = await device()
  await signInAtAlthing(office, 'admin@example.org')
  await office.goto(`${althing.url}/admin/clients/new?kind=web`)
  await office.getByLabel('Name, as people read it').fill('My own example')
  await office.getByLabel('Addresses that answers go to').fill(`${own}/signed-in`)
  await office.getByLabel('To stay signed in when the person is not there').check()
  await office.getByLabel('Client id').fill('example-own')
  await press(office, 'Register it')
  const secret = (await office.locator('#client-secret').textContent()) ?? ''
  await press(office, 'I have kept it')
  const start = (env = {}) =>
    run('web-app', { CLIENT_ID: 'example-own', CLIENT_SECRET: secret, WEB_URL: own, ...env })
  const first = await start()

  const page = await device()
  await page.goto(own)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByText('Althing refused what this application asked for (invalid_target).').waitFor()
  assert.deepEqual([await violations(page), await overflow(page)], [[], 0])

  await office.getByRole('link', { name: 'Change', exact: true }).click()
  await office.getByLabel('The API of the example').check()
  await office.getByLabel('read', { exact: true }).check()
  await office.getByLabel('write', { exact: true }).check()
  await office.getByLabel('Addresses after signing out').fill(`${own}/`)
  await office.getByLabel('Address that is told when somebody signs out').fill(`${own}/signed-out`)
  assert.deepEqual([await violations(office), await overflow(office)], [[], 0])
  await press(office, 'Save changes')
  await heading(office, 'My own example')
  await signIn(page, own)
  await note(page, /^Note \d+$/)

  first.kill()
  await once(first, 'exit')
  await start({ API_AT: 'http://localhost:1/' })
  await page.goto(own)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.locator('#consent [value=allow]').click()
  await page.getByText('The API does not answer at http://localhost:1/.').waitFor()
})

test('who refuses, or comes back with an answer to another question, is not signed in; nor is anybody once the example is shut', async () => {
  const page = await device()
  await page.goto(web)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.goto(`${web}/signed-in?code=x&state=another&iss=${encodeURIComponent(althing.url)}`)
  await page.getByText('Please begin again.').waitFor()
  await signIn(page)
  cli('clients', 'disable', 'example-web')
  await page.goto(web)
  await heading(page, 'Welcome')
  cli('clients', 'enable', 'example-web')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.locator('#consent [value=deny]').click()
  await page.getByText('You have not given this application access').waitFor()
  assert.doesNotMatch((await page.locator('body').textContent()) ?? '', /access_denied|Error|\bat \S+:\d/)
  assert.doesNotMatch(printed.join(''), /access_denied/, 'a no is no failure')
  assert.deepEqual([await violations(page), await overflow(page)], [[], 0])
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.locator('#consent').waitFor()
})

test('a form of another site, an answer that nobody asked for and a word that is not Althing’s end or begin nothing', async () => {
  assert.equal((await fetch(`${web}/signed-in?code=x&state=y`)).status, 400)
  const told = await fetch(`${web}/signed-out`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: 'x.y.z' }),
  })
  assert.equal(told.status, 400)
  const note = await fetch(`${web}/notes`, { method: 'POST', redirect: 'manual' })
  assert.deepEqual([note.status, note.headers.get('location')], [303, '/'])
})

test('of what one service knows the others say nothing; of what none knows each says what it has', () => {
  for (const [noun, verb, name] of [
    ['limits', 'reset', 'members-imprt'],
    ['breakers', 'reset', 'breached-pasword'],
    ['jobs', 'retry', '999999'],
  ] as const) {
    const { status, stdout, stderr } = said(noun, verb, name)
    assert.deepEqual([status, stdout], [1, ''], `${noun} ${verb}`)
    assert.match(stderr, new RegExp(`of identity called ${name}`))
    assert.match(stderr, new RegExp(`of policy called ${name}`))
  }
  assert.match(said('limits', 'reset', 'members-imprt').stderr, /Did you mean members-import\?/)
  const { status, stdout, stderr } = said('limits', 'reset', 'members-import')
  assert.deepEqual([status, stdout, stderr], [0, 'members: nothing was counted there.\n', ''])
})
