import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SignJWT } from 'jose'
import { toBase64url } from '@althing/kernel/crypto'
import { pendingTicket, requestTicket } from '@althing/kernel/tickets'
import { Manifest } from '@althing/elections/contract'
import { demoPassword } from '../../run/demo/people.ts'
import { freePorts } from '../../run/ports.ts'
import { startAlthing, type Althing } from '../support/althing.ts'
import { inherited } from '../support/inherited.ts'
import { createOfficer } from '../support/officer.ts'
import { createBrowser, signIn } from '../support/identity.ts'
import { keyPair } from '../support/protocol.ts'
import { createPerson, fillIn, type Person } from '../support/person.ts'

/**
 * What may happen once happens once, although 64 try at the same moment and half of them ask another process: the whole of
 * Althing as one, and a second identity, events and elections beside it on the same databases.
 */
const tries = 64
let althing: Althing
const second: Record<string, string> = {}
let person: Person
const beside: ChildProcess[] = []

before(async () => {
  althing = await startAlthing()
  for (const name of ['identity', 'events', 'elections']) second[name] = await startBeside(name)
  person = createPerson(althing)
  await person.signIn('member7@example.org', demoPassword)
})
after(async () => {
  for (const child of beside) child.kill('SIGKILL')
  await althing.remove()
})

test('64 casts with one ticket over two processes: one ballot', { timeout: 60_000 }, async () => {
  const election = await openElection()
  const ticket = await person.collect(election)
  const papers = await Promise.all(
    Array.from({ length: tries }, () => fillIn(althing, election, ticket, { q1: ['a1'] })),
  )
  const doors = [althing.ballotUrl, second['ballots'] ?? '']
  const statuses = await Promise.all(
    papers.map(async (paper, index) => {
      const answer = await fetch(`${doors[index % 2]}/api/elections/${election}/ballots`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(paper),
      })
      return answer.status
    }),
  )
  assert.deepEqual(tally(statuses), { 200: 1, 409: tries - 1 })
})

test('64 ticket requests of one voter over two processes: one signature', { timeout: 60_000 }, async () => {
  const election = await openElection()
  const copy = await person.manifestOf(election)
  const [slot] = Manifest.parse(JSON.parse(copy.manifest)).slots
  const issuingKey = slot?.classes[0]?.issuing_key
  assert.ok(issuingKey)
  const scope = {
    manifestHash: new Uint8Array(Buffer.from(copy.hash, 'base64url')),
    slot: '1',
    class: 'full',
  }
  const { token } = await tokens()
  const requests = await Promise.all(
    Array.from({ length: tries }, () =>
      requestTicket(pendingTicket(new Uint8Array(randomBytes(32)), scope, issuingKey)),
    ),
  )
  const statuses = await Promise.all(
    requests.map(async ({ blinded }, index) => {
      const body = JSON.stringify({
        election,
        manifestHash: copy.hash,
        items: [{ slot: '1', class: 'full', blinded: toBase64url(blinded) }],
      })
      const answer = await fetch(`${[peer('events'), second['events']][index % 2]}/api/events/tickets`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
      })
      return answer.status
    }),
  )
  assert.deepEqual(tally(statuses), { 200: 1, 409: tries - 1 })
})

test('64 redemptions of one code over two processes: one set of tokens', { timeout: 60_000 }, async () => {
  const { code, verifier } = await authorize()
  const answers = await Promise.all(
    Array.from({ length: tries }, (_, index) =>
      askToken(index, {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: `${althing.url}/session/callback`,
      }),
    ),
  )
  assert.deepEqual(tally(answers.map(({ status }) => status)), { 200: 1, 400: tries - 1 })
  // The others were a second use, which ended the session with everything it gave.
  await assert.rejects(authorize(), /No code/)
  await person.signIn('member7@example.org', demoPassword)
})

test('25 · 64 uses of one refresh token over two processes: one successor', { timeout: 60_000 }, async () => {
  const { refresh } = await tokens()
  const answers = await Promise.all(
    Array.from({ length: tries }, (_, index) =>
      askToken(index, { grant_type: 'refresh_token', refresh_token: refresh }),
    ),
  )
  // The identical retry is answered alike: many may be answered, with one and the same successor.
  const given = answers.filter(({ status }) => status === 200).map(({ body }) => body['refresh_token'] ?? '')
  const [successor = '', ...others] = new Set(given)
  assert.deepEqual([successor === '', others], [false, []])
  const works = await askToken(1, { grant_type: 'refresh_token', refresh_token: successor })
  assert.equal(works.status, 200)
})

test('64 uses of one pushed request over two processes: one code', { timeout: 60_000 }, async () => {
  const verifier = randomBytes(32).toString('base64url')
  const { body } = await askEndpoint(0, 'par', {
    client_id: 'portal',
    response_type: 'code',
    redirect_uri: `${althing.url}/session/callback`,
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const asked = new URLSearchParams({ client_id: 'portal', request_uri: body['request_uri'] ?? '' })
  const came = await Promise.all(
    Array.from({ length: tries }, async (_, index) => {
      const answer = await fetch(`${identityAt(index)}/oauth/authorize?${asked.toString()}`, {
        redirect: 'manual',
        headers: { cookie: person.cookieHeader(althing.url) },
      })
      return answer.headers.get('location') ?? ''
    }),
  )
  assert.equal(came.filter((location) => location.includes('code=')).length, 1)
})

test('64 uses of one device code over two processes: one set of tokens', { timeout: 60_000 }, async () => {
  const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
  register('tv', { grant_types: [deviceGrant], token_endpoint_auth_method: 'none', scope: 'openid' })
  const begun = await plainly(0, 'device', { client_id: 'tv', scope: 'openid' })
  const browser = createBrowser(althing.url)
  await signIn(browser, { identifier: 'member7@example.org', secret: demoPassword })
  const page = await (await browser.go('/oauth/code')).text()
  const compare = await browser.submit(page, 'device-code', { user_code: begun.body['user_code'] ?? '' })
  const { url } = await browser.follow(
    await browser.submit(await compare.text(), 'device-confirm', { confirm: 'yes' }),
    (there) => there.pathname === '/sign-in/consent',
  )
  const question = await (await browser.go(url.href)).text()
  const { response } = await browser.follow(await browser.submit(question, 'consent', { decision: 'allow' }))
  assert.match(await response.text(), /The device is connected/)
  const form = { grant_type: deviceGrant, client_id: 'tv', device_code: begun.body['device_code'] ?? '' }
  const answers = await Promise.all(
    Array.from({ length: tries }, (_, index) => plainly(index, 'token', form)),
  )
  assert.deepEqual(tally(answers.map(({ status }) => status)), { 200: 1, 400: tries - 1 })
})

test(
  '64 uses of one request to somebody elsewhere over two processes: one set of tokens, which lasts',
  { timeout: 60_000 },
  async () => {
    const ciba = 'urn:openid:params:grant-type:ciba'
    const { privateKey, jwks } = await keyPair()
    const words = { grant_types: [ciba], token_endpoint_auth_method: 'private_key_jwt', jwks }
    register('calls', { ...words, backchannel_token_delivery_mode: 'poll', scope: 'openid' })
    const now = Math.floor(Date.now() / 1000)
    const proven = async (form: Record<string, string>) => ({
      ...form,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT({ jti: randomBytes(16).toString('hex'), exp: now + 60 })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer('calls')
        .setSubject('calls')
        .setAudience(althing.url)
        .sign(privateKey),
    })
    const asked = { scope: 'openid', login_hint: 'member7@example.org' }
    const begun = await plainly(0, 'backchannel', await proven(asked))
    const browser = createBrowser(althing.url)
    await signIn(browser, { identifier: 'member7@example.org', secret: demoPassword })
    const list = await (await browser.go('/account/requests')).text()
    const at = /\/account\/requests\/bkr_[\w-]+/.exec(list)?.[0] ?? ''
    await browser.submit(await (await browser.go(at)).text(), 'request', { decision: 'allow' })
    const form = { grant_type: ciba, auth_req_id: begun.body['auth_req_id'] ?? '' }
    const answers = await Promise.all(
      Array.from({ length: tries }, async (_, index) => plainly(index, 'token', await proven(form))),
    )
    assert.deepEqual(tally(answers.map(({ status }) => status)), { 200: 1, 400: tries - 1 })
    const token = answers.find(({ status }) => status === 200)?.body['access_token'] ?? ''
    const authorization = { authorization: `Bearer ${token}` }
    const known = await fetch(`${identityAt(1)}/oauth/userinfo`, { headers: authorization })
    assert.equal(known.status, 200)
  },
)

test(
  '64 showings of one assertion, and of one proof of a key, over two processes: one token each',
  { timeout: 60_000 },
  async () => {
    const { privateKey, jwk, jwks } = await keyPair()
    const keyed = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'private_key_jwt', jwks }
    register('keyed', keyed)
    register('bound', { ...keyed, dpop_bound_access_tokens: true })
    const now = Math.floor(Date.now() / 1000)
    const assertionOf = (id: string) =>
      new SignJWT({ iss: id, sub: id, aud: althing.url, jti: randomBytes(16).toString('hex'), exp: now + 60 })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(privateKey)
    const form = (assertion: string) => ({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    })
    const shown = form(await assertionOf('keyed'))
    const answers = await Promise.all(
      Array.from({ length: tries }, (_, index) => plainly(index, 'token', shown)),
    )
    assert.deepEqual(tally(answers.map(({ status }) => status)), { 200: 1, 401: tries - 1 })

    const { kid: _kid, alg: _alg, use: _use, ...bare } = jwk
    const proofOf = (nonce: string) =>
      new SignJWT({ htm: 'POST', htu: `${althing.url}/oauth/token`, jti: 'once', iat: now, nonce })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: bare })
        .sign(privateKey)
    const first = await plainly(0, 'token', form(await assertionOf('bound')), { dpop: await proofOf('none') })
    const proof = await proofOf(first.headers.get('dpop-nonce') ?? '')
    const proven = await Promise.all(
      Array.from({ length: tries }, async (_, index) =>
        plainly(index, 'token', form(await assertionOf('bound')), { dpop: proof }),
      ),
    )
    // Each came with an assertion of its own: it is the proof that was shown before.
    assert.deepEqual(tally(proven.map(({ status }) => status)), { 200: 1, 400: tries - 1 })
  },
)

test('64 uses of one activation link over two processes: one password', { timeout: 60_000 }, async () => {
  const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  const althingCommand = (...words: string[]) => {
    const done = spawnSync(process.execPath, [cli, ...words], {
      env: { ...process.env, ALTHING_DATA: althing.folder },
      encoding: 'utf8',
    })
    assert.equal(done.status, 0, done.stderr)
  }
  const file = join(althing.folder, 'newcomers.csv')
  writeFileSync(file, 'email,name,kennitala,roles\nnewcomer@example.org,Nýja Konan,,\n')
  althingCommand('people', 'import', file)
  althingCommand('people', 'activate', 'newcomer@example.org')
  const link = await mailedLink('newcomer@example.org')
  const stranger = createPerson(althing)
  const form = await stranger.go(link)
  const hidden = (name: string) =>
    new RegExp(`name="${name}" value="([^"]+)"|value="([^"]+)" name="${name}"`)
      .exec(form.text)
      ?.slice(1)
      .find((value) => value !== undefined) ?? ''
  assert.notEqual(hidden('csrf'), '')
  const answers = await Promise.all(
    Array.from({ length: tries }, async (_, index) => {
      const base = index % 2 === 0 ? peer('identity') : (second['identity'] ?? '')
      const body = new URLSearchParams({
        csrf: hidden('csrf'),
        token: new URL(link).searchParams.get('token') ?? '',
        password: `a password of try number ${index}`,
      })
      const answer = await fetch(`${base}/activate`, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: { cookie: stranger.cookieHeader(althing.url), origin: althing.url },
      })
      return answer.status
    }),
  )
  const counted = tally(answers)
  assert.equal(counted[303], 1, JSON.stringify(counted))
})

// --- below: how the two processes are reached ------------------------------------------------------------------------

async function openElection(): Promise<string> {
  const officer = createPerson(althing)
  await officer.signIn('officer@example.org', demoPassword)
  return (await (await createOfficer(officer)).open()).id
}

const settings = (name: string) =>
  JSON.parse(readFileSync(join(althing.folder, 'settings', `${name}.env.json`), 'utf8')) as Record<
    string,
    string
  >
const peer = (name: string) =>
  (JSON.parse(settings(name)['ALTHING_PEERS'] ?? '{}') as Record<string, { url: string }>)[name]?.url ?? ''

/** Another process of the service, with the same settings but its own ports. */
async function startBeside(name: string): Promise<string> {
  const [port, management, ballots] = await freePorts(3)
  const own = (word: string) => `ALTHING_${name.toUpperCase()}_${word}`
  const env = {
    ...settings(name),
    [own('PORT')]: String(port),
    [own('MANAGEMENT_PORT')]: String(management),
    ...(name === 'elections' ? { ALTHING_ELECTIONS_BALLOT_PORT: String(ballots) } : {}),
  }
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL('../../run/one.ts', import.meta.url)),
      name,
    ],
    { env: { ...inherited(), ...env }, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  beside.push(child)
  if (name === 'elections') second['ballots'] = `http://127.0.0.1:${ballots}`
  for (let waited = 0; waited < 300; waited += 1) {
    const health = await fetch(`http://127.0.0.1:${management}/readyz`).catch(() => null)
    if (health?.ok === true) return `http://127.0.0.1:${port}`
    await pause(100)
  }
  throw new Error(`The second ${name} did not start.`)
}

/** A code for the portal, taken from the redirect before the portal sees it. */
async function authorize(): Promise<{ code: string; verifier: string }> {
  const verifier = randomBytes(32).toString('base64url')
  const asked = new URL(`${althing.url}/oauth/authorize`)
  const parameters = {
    client_id: 'portal',
    response_type: 'code',
    redirect_uri: `${althing.url}/session/callback`,
    scope: 'openid profile email',
    state: randomBytes(8).toString('hex'),
    nonce: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    resource: `${althing.url}/api`,
  }
  for (const [name, value] of Object.entries(parameters)) asked.searchParams.set(name, value)
  let target = asked.href
  for (let hops = 0; hops < 8; hops += 1) {
    const response = await person.once(target)
    target = new URL(response.headers.get('location') ?? '', target).href
    const code = new URL(target).searchParams.get('code')
    if (code !== null) return { code, verifier }
  }
  throw new Error(`No code: ${target}`)
}

const askToken = (index: number, form: Record<string, string>) =>
  askEndpoint(index, 'token', { ...form, resource: `${althing.url}/api` })

const identityAt = (index: number): string =>
  index % 2 === 0 ? peer('identity') : (second['identity'] ?? '')

/** An application of somebody else's, by the operator's hand. */
function register(id: string, metadata: Record<string, unknown>): void {
  const file = join(althing.folder, `${id}.json`)
  writeFileSync(file, JSON.stringify(metadata))
  const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  const added = spawnSync(process.execPath, [cli, 'clients', 'add', id, `The application ${id}`, file], {
    env: { ...process.env, ALTHING_DATA: althing.folder },
    encoding: 'utf8',
  })
  assert.equal(added.status, 0, added.stderr)
}

async function plainly(
  index: number,
  endpoint: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, string>; headers: Headers }> {
  const response = await fetch(`${identityAt(index)}/oauth/${endpoint}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
  })
  const body = (await response.json()) as Record<string, string>
  return { status: response.status, body, headers: response.headers }
}

async function askEndpoint(
  index: number,
  endpoint: string,
  form: Record<string, string>,
): Promise<{ status: number; body: Record<string, string> }> {
  const { portalClientSecret } = JSON.parse(
    readFileSync(join(althing.folder, 'settings', 'keys.json'), 'utf8'),
  ) as { portalClientSecret: string }
  const base = identityAt(index)
  const { host, protocol } = new URL(althing.url)
  const response = await fetch(`${base}/oauth/${endpoint}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: {
      authorization: `Basic ${Buffer.from(`portal:${portalClientSecret}`).toString('base64')}`,
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
    },
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

async function tokens(): Promise<{ token: string; refresh: string }> {
  const { code, verifier } = await authorize()
  const { status, body } = await askToken(0, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: `${althing.url}/session/callback`,
  })
  assert.equal(status, 200, JSON.stringify(body))
  return { token: body['access_token'] ?? '', refresh: body['refresh_token'] ?? '' }
}

async function mailedLink(to: string): Promise<string> {
  for (let waited = 0; waited < 100; waited += 1) {
    const { messages } = (await (await fetch(`${althing.managementUrl}/outbox.json`)).json()) as {
      messages: { to: string; text: string }[]
    }
    const link = /https?:\/\/\S+\/activate\?\S+/.exec(messages.find((one) => one.to === to)?.text ?? '')?.[0]
    if (link !== undefined) return link
    await pause(100)
  }
  throw new Error('No mail came.')
}

function tally(statuses: readonly number[]): Record<number, number> {
  const counted: Record<number, number> = {}
  for (const status of statuses) counted[status] = (counted[status] ?? 0) + 1
  return counted
}
