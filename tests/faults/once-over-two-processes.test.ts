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
import { until } from '@althing/kernel/testing'
import { demoPassword, demoPeople } from '../../run/demo/people.ts'
import { freePorts } from '../../run/ports.ts'
import { startAlthing, type Althing } from '../support/althing.ts'
import { inherited } from '../support/inherited.ts'
import { createOfficer } from '../support/officer.ts'
import { createBrowser, signIn } from '../support/identity.ts'
import { keyPair } from '../support/protocol.ts'
import { createPerson, fillIn, type Person } from '../support/person.ts'

/**
 * What may happen once happens once, although 64 try at the same moment and half of them ask another process: the whole of
 * Althing as one, and a second identity, portal, events and elections beside it on the same databases.
 */
const tries = 64
let althing: Althing
const second: Record<string, string> = {}
let person: Person
const beside: ChildProcess[] = []

const loose = {
  ALTHING_IDENTITY_EID_PER_BROWSER: '1000',
  ALTHING_IDENTITY_EID_PER_NETWORK: '1000',
  // A command that is slow to begin lets all of the tries in before it.
  ALTHING_IDENTITY_KEY_TOKENS_PER_MINUTE: '1000',
}

before(async () => {
  althing = await startAlthing({ env: loose })
  for (const name of ['identity', 'events', 'elections', 'portal']) second[name] = await startBeside(name)
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

/**
 * What may be used once, one row each. `make` makes one and answers how it is used at either process; of sixty-four uses at the same
 * moment there is one effect, and the others are told no.
 */
interface Artefact {
  readonly what: string
  readonly make: () => Promise<Use>
  /** How the others are refused; none, where the identical retry is answered alike. */
  readonly others: readonly number[]
  /** What has to hold after it. */
  readonly after?: (effect: string) => Promise<void>
}
type Use = (index: number) => Promise<{ readonly status: number; readonly effect: string | undefined }>

const member7 = 'member7@example.org'
const proofKind = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const artefacts: readonly Artefact[] = [
  {
    what: '64 uses of one code over two processes: one set of tokens',
    async make() {
      const { code, verifier } = await authorize()
      return tokenUse((index) =>
        askToken(index, {
          grant_type: 'authorization_code',
          code,
          code_verifier: verifier,
          redirect_uri: `${althing.url}/session/callback`,
        }),
      )
    },
    others: [400],
    async after() {
      // The others were a second use, which ended the session with everything it gave.
      await assert.rejects(authorize(), /No code/)
      await person.signIn(member7, demoPassword)
    },
  },
  {
    what: '25 · 64 uses of one refresh token over two processes: one successor',
    async make() {
      const { refresh } = await tokens()
      const use = (index: number) => askToken(index, { grant_type: 'refresh_token', refresh_token: refresh })
      return tokenUse(use, 'refresh_token')
    },
    // The identical retry is answered alike: with one and the same successor.
    others: [],
    async after(successor) {
      const works = await askToken(1, { grant_type: 'refresh_token', refresh_token: successor })
      assert.equal(works.status, 200)
    },
  },
  {
    what: '64 uses of one pushed request over two processes: one code',
    async make() {
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
      const headers = { cookie: person.cookieHeader(althing.url) }
      return async (index) => {
        const at = `${identityAt(index)}/oauth/authorize?${asked.toString()}`
        const { status, headers: said } = await fetch(at, { redirect: 'manual', headers })
        return { status, effect: /code=([^&]+)/.exec(said.get('location') ?? '')?.[1] }
      }
    },
    others: [303, 400],
  },
  {
    what: '64 uses of one device code over two processes: one set of tokens',
    async make() {
      const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
      register('tv', { grant_types: [deviceGrant], token_endpoint_auth_method: 'none', scope: 'openid' })
      const begun = await plainly(0, 'device', { client_id: 'tv', scope: 'openid' })
      const browser = await browserOf(member7)
      const page = await (await browser.go('/oauth/code')).text()
      const compare = await browser.submit(page, 'device-code', { user_code: begun.body['user_code'] ?? '' })
      const { url } = await browser.follow(
        await browser.submit(await compare.text(), 'device-confirm', { confirm: 'yes' }),
        (there) => there.pathname === '/sign-in/consent',
      )
      const question = await (await browser.go(url.href)).text()
      const { response } = await browser.follow(
        await browser.submit(question, 'consent', { decision: 'allow' }),
      )
      assert.match(await response.text(), /The device is connected/)
      const form = { grant_type: deviceGrant, client_id: 'tv', device_code: begun.body['device_code'] ?? '' }
      return tokenUse((index) => plainly(index, 'token', form))
    },
    others: [400],
  },
  {
    what: '64 uses of one request to somebody elsewhere over two processes: one set of tokens, which lasts',
    async make() {
      const ciba = 'urn:openid:params:grant-type:ciba'
      const { proven, words } = await provenAs('calls')
      const how = { backchannel_token_delivery_mode: 'poll', scope: 'openid' }
      register('calls', { ...words, ...how, grant_types: [ciba] })
      const begun = await plainly(0, 'backchannel', await proven({ scope: 'openid', login_hint: member7 }))
      const browser = await browserOf(member7)
      const list = await (await browser.go('/account/requests')).text()
      const at = /\/account\/requests\/bkr_[\w-]+/.exec(list)?.[0] ?? ''
      await browser.submit(await (await browser.go(at)).text(), 'request', { decision: 'allow' })
      const form = { grant_type: ciba, auth_req_id: begun.body['auth_req_id'] ?? '' }
      return tokenUse(async (index) => plainly(index, 'token', await proven(form)))
    },
    others: [400],
    async after(token) {
      const authorization = { authorization: `Bearer ${token}` }
      const known = await fetch(`${identityAt(1)}/oauth/userinfo`, { headers: authorization })
      assert.equal(known.status, 200)
    },
  },
  {
    what: '64 showings of one assertion of an application over two processes: one token',
    async make() {
      const { proven, words } = await provenAs('keyed')
      register('keyed', { ...words, grant_types: ['client_credentials'] })
      const shown = await proven({ grant_type: 'client_credentials' })
      return tokenUse((index) => plainly(index, 'token', shown))
    },
    others: [401],
  },
  {
    what: '64 showings of one proof of a key over two processes: one token',
    async make() {
      const { proven, words, pair } = await provenAs('bound')
      register('bound', { ...words, grant_types: ['client_credentials'], dpop_bound_access_tokens: true })
      const { kid: _kid, alg: _alg, use: _use, ...bare } = pair.jwk
      const proofOf = (nonce: string) =>
        new SignJWT({ htm: 'POST', htu: `${althing.url}/oauth/token`, jti: 'once', nonce })
          .setIssuedAt()
          .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: bare })
          .sign(pair.privateKey)
      // Each comes with an assertion of its own: it is the proof that was shown before.
      const ask = async (index: number, dpop: string) =>
        plainly(index, 'token', await proven({ grant_type: 'client_credentials' }), { dpop })
      const first = await ask(0, await proofOf('none'))
      const proof = await proofOf(first.headers.get('dpop-nonce') ?? '')
      return tokenUse((index) => ask(index, proof))
    },
    others: [400],
  },
  {
    what: '64 showings of one signed wish in somebody’s name over two processes: one token',
    async make() {
      const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
      const api = 'https://calendar.example/'
      const { proven, words, sign } = await provenAs('assistant')
      command('resources', 'add', fileOf('calendar', { uri: api, name: 'The calendar', scopes: ['read'] }))
      const callback = 'https://assistant.example/callback'
      register('assistant', {
        ...words,
        grant_types: ['authorization_code', bearer],
        redirect_uris: [callback],
        scope: 'openid',
        resources: { [api]: 'read' },
      })
      const asked = new URLSearchParams({
        client_id: 'assistant',
        response_type: 'code',
        redirect_uri: callback,
        scope: 'openid read',
        resource: api,
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
      })
      const browser = await browserOf(member7)
      const consent = await browser.follow(await browser.go(`/oauth/authorize?${asked.toString()}`))
      const allowed = await browser.submit(await consent.response.text(), 'consent', { decision: 'allow' })
      const { url } = await browser.follow(allowed)
      assert.equal(`${url.origin}${url.pathname}`, callback)
      const assertion = await sign({ sub: await subjectOf(person) })
      const form = { grant_type: bearer, assertion, resource: api }
      return tokenUse(async (index) => plainly(index, 'token', await proven(form)))
    },
    others: [400],
  },
  {
    what: '64 returns from the electronic ID with one state over two processes: one session',
    async make() {
      const stranger = createPerson(althing)
      const page = await stranger.go(`${althing.url}/sign-in`)
      const choose = await stranger.submit(page, 'eid')
      const asked = new URL(choose.url).searchParams
      const next = new URL('/oidc/continue', althing.eidUrl)
      for (const name of ['redirect_uri', 'state', 'nonce', 'code_challenge'])
        next.searchParams.set(name, asked.get(name) ?? '')
      next.searchParams.set('national_id', demoPeople(40)[39]?.national_id ?? '')
      const back = new URL((await stranger.once(next.href)).headers.get('location') ?? '')
      assert.equal(back.pathname, '/sign-in/eid/callback')
      const headers = { cookie: stranger.cookieHeader(althing.url) }
      return async (index) => {
        const at = `${identityAt(index)}${back.pathname}${back.search}`
        const answer = await fetch(at, { redirect: 'manual', headers })
        return { status: answer.status, effect: cookieIn(answer, 'althing_id') }
      }
    },
    // Back to the page of signing in, which says that it has expired.
    others: [303],
  },
  {
    what: '64 returns to the portal with one state over two processes: one session',
    async make() {
      const comer = createPerson(althing)
      await comer.signIn(member7, demoPassword)
      let target = `${althing.url}/session/login?return=/vote`
      while (!target.startsWith(`${althing.url}/session/callback?`))
        target = new URL((await comer.once(target)).headers.get('location') ?? '', target).href
      const { pathname, search } = new URL(target)
      const headers = { cookie: comer.cookieHeader(althing.url) }
      return async (index) => {
        const base = index % 2 === 0 ? althing.url : (second['portal'] ?? '')
        const answer = await fetch(`${base}${pathname}${search}`, { redirect: 'manual', headers })
        return { status: answer.status, effect: cookieIn(answer, 'althing') }
      }
    },
    others: [400, 403, 410],
  },
]

for (const { what, make, others, after: then } of artefacts)
  test(what, { timeout: 60_000 }, async () => {
    const use = await make()
    const uses = await Promise.all(Array.from({ length: tries }, (_, index) => use(index)))
    const given = uses.flatMap(({ effect }) => (effect === undefined ? [] : [effect]))
    const [effect, ...more] = [...new Set(given)]
    assert.deepEqual([effect === undefined, more], [false, []], JSON.stringify(uses))
    const refused = uses.filter((one) => one.effect === undefined)
    if (others.length > 0) assert.equal(refused.length, tries - 1)
    for (const { status } of refused) assert.ok(others.includes(status), String(status))
    await then?.(effect ?? '')
  })

/** A use whose effect is a token. */
const tokenUse =
  (
    ask: (index: number) => Promise<{ status: number; body: Record<string, string> }>,
    word = 'access_token',
  ): Use =>
  async (index) => {
    const { status, body } = await ask(index)
    return { status, effect: body[word] }
  }

/** An application that proves itself by a key. */
async function provenAs(id: string) {
  const pair = await keyPair()
  const sign = (claims: Record<string, string>) =>
    new SignJWT({ iss: id, sub: id, aud: althing.url, jti: randomBytes(16).toString('hex'), ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(pair.privateKey)
  return {
    pair,
    sign,
    words: { token_endpoint_auth_method: 'private_key_jwt', jwks: pair.jwks },
    proven: async (form: Record<string, string>) => ({
      ...form,
      client_assertion_type: proofKind,
      client_assertion: await sign({}),
    }),
  }
}

async function browserOf(identifier: string) {
  const browser = createBrowser(althing.url)
  await signIn(browser, { identifier, secret: demoPassword })
  return browser
}

const subjectOf = async (who: Person): Promise<string> => (await who.me()).subject ?? ''

const cookieIn = (answer: Response, name: string): string | undefined =>
  answer.headers
    .getSetCookie()
    .map((line) => new RegExp(`^(?:__Host-)?${name}=([^;]+)`).exec(line)?.[1])
    .find((value) => value !== undefined)

test('64 uses of one activation link over two processes: one password', { timeout: 60_000 }, async () => {
  const file = join(althing.folder, 'newcomers.csv')
  writeFileSync(file, 'email,name,kennitala,roles\nnewcomer@example.org,Nýja Konan,,\n')
  command('people', 'import', file)
  command('people', 'activate', 'newcomer@example.org')
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
        terms: 'on',
        version: hidden('version'),
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

test(
  'one key of a program, rotated by eight processes at once: one successor; revoked beside its uses, it opens nothing at either process',
  { timeout: 120_000 },
  async () => {
    const made = await althingSays('create', 'service', 'The bookkeeper', '--purpose', 'Sends bills')
    const id = String(made.value['id'])
    const { key } = (await althingSays('key-add', id, 'members.read', '--days', '5')).value as { key: string }
    const old = key.slice('althing_'.length).split('.')[0] ?? ''
    const rotations = await Promise.all(Array.from({ length: 8 }, () => althingSays('key-rotate', id, old)))
    assert.equal(rotations.filter(({ code }) => code === 0).length, 1)
    for (const { code, error } of rotations)
      assert.ok(code === 0 || /has a successor already/.test(error), error)

    const use = (index: number) =>
      plainly(index, 'token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        client_id: 'service-identities',
        subject_token: key,
        subject_token_type: 'urn:althing:token-type:api-key',
        purpose: 'The bills of November',
      })
    assert.deepEqual([(await use(0)).status, (await use(1)).status], [200, 200])
    const [revoked, ...uses] = await Promise.all([
      althingSays('key-revoke', id, old),
      ...Array.from({ length: tries }, async (_, index) => {
        // Some before, some beside, some after.
        await pause(index * 40)
        return use(index)
      }),
    ])
    assert.equal(revoked.code, 0, revoked.error)
    for (const { status } of uses) assert.ok(status === 200 || status === 400, String(status))
    assert.deepEqual([(await use(0)).status, (await use(1)).status], [400, 400])
    const late = Date.now() + 5_000
    for (const { body } of uses.filter(({ status }) => status === 200))
      for (const at of [0, 1])
        while ((await seen(at, body['access_token'] ?? '')) !== 401)
          assert.ok(Date.now() < late, 'it goes on opening')
  },
)

/** At a door of the first or the second process, which the policies shut to it even while it is good. */
const seen = async (index: number, token: string): Promise<number> =>
  (await fetch(`${identityAt(index)}/api/identity/me`, { headers: { authorization: `Bearer ${token}` } }))
    .status

/** A process of the operator's, with what it says. */
async function althingSays(...words: readonly string[]) {
  const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  const child = spawn(process.execPath, [cli, 'service-identities', ...words, '--json'], {
    env: { ...process.env, ALTHING_DATA: althing.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, error] = ['', '']
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (error += String(chunk)))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, error, value: (out.trim() === '' ? {} : JSON.parse(out)) as Record<string, unknown> }
}

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
    ...loose,
    [own('PORT')]: String(port),
    [own('MANAGEMENT_PORT')]: String(management),
    ...(name === 'elections' ? { ALTHING_ELECTIONS_BALLOT_PORT: String(ballots) } : {}),
    ...(name === 'portal' ? { ALTHING_PORTAL_INTERNAL_PORT: String(ballots) } : {}),
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
  const health = () => fetch(`http://127.0.0.1:${management}/readyz`).catch(() => null)
  await until(async () => (await health())?.ok === true, `the start of the second ${name}`)
  return `http://127.0.0.1:${port}`
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
const register = (id: string, metadata: Record<string, unknown>): void =>
  command('clients', 'add', id, `The application ${id}`, fileOf(id, metadata))

function fileOf(name: string, content: Record<string, unknown>): string {
  const file = join(althing.folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(content))
  return file
}

function command(...words: readonly string[]): void {
  const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
  const done = spawnSync(process.execPath, [cli, ...words], {
    env: { ...process.env, ALTHING_DATA: althing.folder },
    encoding: 'utf8',
  })
  assert.equal(done.status, 0, done.stderr)
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
  return until(async () => {
    const { messages } = (await (await fetch(`${althing.managementUrl}/outbox.json`)).json()) as {
      messages: { to: string; text: string }[]
    }
    return /https?:\/\/\S+\/activate\?\S+/.exec(messages.find((one) => one.to === to)?.text ?? '')?.[0]
  }, `the letter to ${to}`)
}

function tally(statuses: readonly number[]): Record<number, number> {
  const counted: Record<number, number> = {}
  for (const status of statuses) counted[status] = (counted[status] ?? 0) + 1
  return counted
}
