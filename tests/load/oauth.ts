/**
 * What the provider answers each second, beside the least that an endpoint can be and beside the library that it is made with, unmodified
 * and in memory: the same requests of the same client, in turn, in one run. Ours writes each row to a PostgreSQL that keeps its promises.
 */
import { openDatabase } from '@althing/kernel/db'
import { addAccount, formOf, password } from '../support/identity.ts'
import { api, basic, callback } from '../support/protocol.ts'
import { during, round1, round2, type During } from './during.ts'
import { createLightClients, type LightClient } from './light-client.ts'
import { applications, persons } from './oauth-world.ts'
import { startBeside, startIdentity, type Spent } from './own-process.ts'

const rounds = 3
const seconds = 4
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const aims = { clientCredentials: 1500, refresh: 1000, introspection: 3000, userinfo: null, codeFlow: 400 }

interface Contestant {
  readonly name: 'althing' | 'library' | 'bare'
  readonly paths: {
    readonly authorize: string
    readonly token: string
    readonly introspect: string
    readonly userinfo: string
  }
  readonly spent: (how?: 'spent' | 'collected') => Promise<Spent>
  readonly stop: () => Promise<void>
  readonly browse: ReturnType<typeof createLightClients>
  readonly as: (application: keyof typeof applications) => { authorization: string }
  /** Signed in, and with what the application was given. */
  readonly people: Person[]
}

interface Person {
  readonly browser: LightClient
  access: string
  refresh: string
}

type Flow = (contestant: Contestant, n: number) => Promise<void>

const flows: Readonly<Record<keyof typeof aims, Flow>> = {
  async clientCredentials({ browse, paths, as }) {
    const form = { grant_type: 'client_credentials', resource: api, scope: 'read' }
    expect(await browse().go(paths.token, { form, headers: as('machine') }))
  },
  async refresh({ browse, paths, as, people }, n) {
    const person = personOf(people, n)
    const form = { grant_type: 'refresh_token', refresh_token: person.refresh }
    const given = expect(await browse().go(paths.token, { form, headers: as('shop') }))
    person.refresh = String(given['refresh_token'])
    // The library's store holds a thousand things: what was given long ago is not there any more.
    person.access = String(given['access_token'])
  },
  async introspection({ browse, paths, as, people }, n) {
    const form = { token: personOf(people, n).access }
    const said = expect(await browse().go(paths.introspect, { form, headers: as('shop') }))
    if (said['active'] !== true) throw new Error('A token that was given is not active.')
  },
  async userinfo({ browse, paths, people }, n) {
    const headers = { authorization: `Bearer ${personOf(people, n).access}` }
    expect(await browse().go(paths.userinfo, { headers }))
  },
  async codeFlow(contestant, n) {
    await authorize(contestant, personOf(contestant.people, n), { scope: 'openid email' })
  },
}

export async function oauth() {
  const contestants = [await startOurs(), await startLibrary(), await startBare()]
  const before = await Promise.all(contestants.map(({ spent }) => spent('collected')))
  const flow: Record<string, unknown> = {}
  for (const name of Object.keys(flows) as (keyof typeof aims)[])
    flow[name] = await compare(name, contestants)
  const after = await Promise.all(contestants.map(({ spent }) => spent('collected')))
  for (const { stop } of contestants) await stop()
  return {
    ...flow,
    memoryMb: Object.fromEntries(
      contestants.map(({ name }, index) => [
        name,
        { before: before[index]?.memoryMb, after: after[index]?.memoryMb },
      ]),
    ),
  }
}

/**
 * Ten minutes of everything at once, and each minute what the process has of the machine and what of that something holds: what nobody holds
 * any more V8 does not give back at once.
 */
export async function oauthMemory() {
  const minutes = 10
  const ours = await startOurs()
  const look = async () => {
    const { memoryMb, heapMb } = await ours.spent('collected')
    return { memoryMb, heapMb }
  }
  const held = [await look()]
  let done = 0
  for (let minute = 0; minute < minutes; minute += 1) {
    const every = Object.values(flows)
    done += (await during((n) => (every[n % every.length] ?? every[0]!)(ours, n), persons, 60)).done
    held.push(await look())
  }
  await ours.stop()
  return {
    minutes,
    requests: done,
    memoryMbEachMinute: held.map(({ memoryMb }) => memoryMb),
    heapMbEachMinute: held.map(({ heapMb }) => heapMb),
  }
}

async function compare(name: keyof typeof aims, contestants: readonly Contestant[]) {
  const measured: Record<string, Measured[]> = {}
  for (let round = 0; round < rounds; round += 1)
    for (const contestant of contestants) {
      if (contestant.name === 'bare' && name !== 'clientCredentials') continue
      ;(measured[contestant.name] ??= []).push(await measure(flows[name], contestant))
    }
  const middle = Object.fromEntries(Object.entries(measured).map(([who, all]) => [who, medianOf(all)]))
  const [ours, library] = [middle['althing'], middle['library']]
  return {
    aimPerCore: aims[name],
    ...middle,
    ofTheLibrary: round2((ours?.perServerCpuSecond ?? 0) / (library?.perServerCpuSecond ?? 1)),
  }
}

type Measured = Awaited<ReturnType<typeof measure>>

async function measure(flow: Flow, contestant: Contestant) {
  const before = await contestant.spent()
  const { done, perSecond, p50Ms, p99Ms }: During = await during((n) => flow(contestant, n), persons, seconds)
  const after = await contestant.spent()
  const serverMs = after.serverMs - before.serverMs
  return {
    perSecond: Math.round(perSecond),
    perServerCpuSecond: Math.round((done * 1000) / serverMs),
    p50Ms,
    p99Ms,
    serverCpuMs: round2(serverMs / done),
    postgresCpuMs: round2((after.postgresMs - before.postgresMs) / done),
    clientCpuMs: round2((after.clientMs - before.clientMs) / done),
    statements: round1((after.statements - before.statements) / done),
  }
}

const medianOf = (all: readonly Measured[]): Measured | undefined =>
  all.toSorted((a, b) => a.perServerCpuSecond - b.perServerCpuSecond)[Math.floor(all.length / 2)]

async function startOurs(): Promise<Contestant> {
  const loose = {
    ALTHING_IDENTITY_SIGN_IN_PER_NETWORK: '10000000',
    ALTHING_IDENTITY_BEGINNINGS_PER_NETWORK: '10000000',
  }
  const service = await startIdentity({ env: loose, applications })
  const database = openDatabase({ url: service.databaseUrl })
  const browse = createLightClients(service.origin)
  const as = asOf(service.secrets)
  const paths = {
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    introspect: '/oauth/introspect',
    userinfo: '/oauth/userinfo',
  }
  const contestant: Contestant = { ...service, name: 'althing', paths, browse, as, people: [] }
  for (let n = 0; n < persons; n += 1) {
    const identifier = `member${n}@example.org`
    await addAccount({ kit: { database } }, { email: identifier })
    const browser = browse()
    const { action, hidden } = formOf((await browser.go('/sign-in')).body, 'sign-in')
    await browser.go(action, { form: { ...hidden, identifier, password } })
    await enter(contestant, browser)
  }
  await database.close()
  return contestant
}

interface Peer {
  readonly origin: string
  readonly secrets: Readonly<Record<string, string>>
}

async function startLibrary(): Promise<Contestant> {
  const service = await startBeside<Peer>('oauth-library.ts')
  const browse = createLightClients(service.origin)
  const paths = { authorize: '/auth', token: '/token', introspect: '/token/introspection', userinfo: '/me' }
  const contestant: Contestant = {
    ...service,
    name: 'library',
    paths,
    browse,
    as: asOf(service.secrets),
    people: [],
  }
  for (let n = 0; n < persons; n += 1) await enter(contestant, browse())
  return contestant
}

async function startBare(): Promise<Contestant> {
  const service = await startBeside<Peer>('oauth-bare.ts')
  const paths = { authorize: '/', token: '/', introspect: '/', userinfo: '/' }
  return {
    ...service,
    name: 'bare',
    paths,
    browse: createLightClients(service.origin),
    as: asOf(service.secrets),
    people: [],
  }
}

const asOf = (secrets: Readonly<Record<string, string>>) => (application: keyof typeof applications) =>
  basic(application, secrets[application] ?? '')

async function enter(contestant: Contestant, browser: LightClient): Promise<void> {
  const person: Person = { browser, access: '', refresh: '' }
  contestant.people.push(person)
  const offline = { scope: 'openid email offline_access', prompt: 'consent' }
  const given = await authorize(contestant, person, offline)
  person.access = String(given['access_token'])
  person.refresh = String(given['refresh_token'])
}

/** From the first redirect to the tokens; where somebody is asked, the answer is yes. */
async function authorize(
  { paths, browse, as }: Contestant,
  { browser }: Person,
  more: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const asked = new URLSearchParams({
    client_id: 'shop',
    response_type: 'code',
    redirect_uri: callback,
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  })
  let answer = await browser.go(`${paths.authorize}?${asked.toString()}`)
  for (let step = 0; step < 12 && answer.location?.startsWith(callback) !== true; step += 1)
    answer =
      answer.location === undefined
        ? await agree(browser, answer.body)
        : await browser.go(pathOf(answer.location))
  const code = URL.parse(answer.location ?? '')?.searchParams.get('code')
  if (typeof code !== 'string')
    throw new Error(`No code: ${answer.status} ${answer.location ?? answer.body.slice(0, 500)}`)
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
  return expect(await browse().go(paths.token, { form, headers: as('shop') }))
}

/** Our page of consent, or the library's pages for developers. */
async function agree(browser: LightClient, page: string) {
  if (page.includes('id="consent"')) {
    const { action, hidden } = formOf(page, 'consent')
    return browser.go(action, { form: { ...hidden, decision: 'allow' } })
  }
  const [, action = '', prompt = ''] =
    /<form[^>]*action="([^"]+)"[^>]*>\s*<input[^>]*name="prompt" value="(\w+)"/.exec(page) ?? []
  const form = prompt === 'login' ? { prompt, login: `member${(entered += 1)}`, password: 'any' } : { prompt }
  return browser.go(pathOf(action), { form })
}
let entered = 0

function pathOf(location: string): string {
  const { pathname, search } = new URL(location, 'http://localhost')
  return pathname + search
}

function personOf(people: readonly Person[], n: number): Person {
  const person = people[n % people.length]
  if (person === undefined) throw new Error('Nobody has come in.')
  return person
}

function expect({
  status,
  body,
}: {
  readonly status: number
  readonly body: string
}): Record<string, unknown> {
  if (status !== 200) throw new Error(`Answered ${status}: ${body.slice(0, 300)}`)
  return JSON.parse(body) as Record<string, unknown>
}
