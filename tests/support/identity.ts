/** A running identity for tests: real sockets, cheap password hashing, a browser with a cookie jar, and accounts to sign in with. */
import { hash } from '@node-rs/argon2'
import * as client from 'openid-client'
import { systemChance, systemClock, createIds } from '@althing/kernel/context'
import { freePort } from '../../run/ports.ts'
import { identity } from '../../services/identity/service.ts'
import { testService, type TestService, type TestServiceOptions } from './service.ts'

export const portalSecret = 'a secret of the portal that is long enough'
export const password = 'correct horse battery'

interface At {
  readonly origin: string
}
export interface TestIdentity extends TestService, At {}

/** Listens on a free port, which is its issuer too: a strict client compares them. */
export async function testIdentity(
  options: TestServiceOptions & { readonly origin?: string; readonly jwksFromSelf?: boolean } = {},
): Promise<TestIdentity> {
  const port = await freePort()
  const origin = options.origin ?? `http://localhost:${port}`
  const service = await testService(identity, {
    ...options,
    listen: true,
    ...(options.jwksFromSelf === true ? { issuerUrl: origin } : {}),
    env: {
      ...cheap,
      ALTHING_URL: origin,
      ALTHING_IDENTITY_HOST: 'localhost',
      ALTHING_IDENTITY_PORT: String(port),
      ...options.env,
    },
  })
  const at = `http://localhost:${port}`
  return {
    ...service,
    origin: at,
    // Tokens name this service's own issuer, which is not the one that other services' tests have.
    asPerson(person, method, path, body) {
      const token = service.issuer.token(person, { iss: origin, aud: `${origin}/api` })
      const authorization = `Bearer ${token}`
      if (body === undefined) return fetch(`${at}${path}`, { method, headers: { authorization } })
      const headers = { authorization, 'content-type': 'application/json' }
      return fetch(`${at}${path}`, { method, headers, body: JSON.stringify(body) })
    },
  }
}

export const cheap = {
  ALTHING_IDENTITY_PASSWORD_MEMORY_KIB: '64',
  ALTHING_IDENTITY_PASSWORD_PASSES: '1',
  ALTHING_IDENTITY_PORTAL_CLIENT_SECRET: portalSecret,
  ALTHING_IDENTITY_FEED_WAIT_MS: '500',
  // No test asks the world.
  ALTHING_IDENTITY_BREACH_URL: '',
}

const phc = hash(password, { memoryCost: 64, timeCost: 1, parallelism: 1 })

export interface TestAccount {
  readonly email?: string | null
  readonly name?: string
  readonly nationalId?: string | null
  readonly status?: string
  readonly roles?: readonly string[]
  readonly withPassword?: boolean
}

export async function addAccount(
  { kit }: { readonly kit: Pick<TestService['kit'], 'database'> },
  made: TestAccount = {},
): Promise<string> {
  const id = createIds(systemClock, systemChance).create('acc')
  const {
    email = 'ada@example.org',
    name = 'Ada Jónsdóttir',
    nationalId = null,
    status = 'active',
    roles = [],
    withPassword = true,
  } = made
  await kit.database.query(
    'insert into account (id, email, email_proven, name, national_id, status, roles) values ($1, $2, true, $3, $4, $5, $6)',
    [id, email, name, nationalId, status, [...roles]],
  )
  if (withPassword)
    await kit.database.query('insert into password (account, phc) values ($1, $2)', [id, await phc])
  return id
}

/** Keeps cookies by name, and by path where one name has several; follows nothing by itself. Its addresses may name another origin; it stays at this one. */
export function createBrowser(origin: string, send: typeof fetch = fetch) {
  const jar = new Map<string, { value: string; path: string }>()

  async function go(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, origin)
    const cookies = [...jar]
      .filter(
        ([, { path: place }]) =>
          url.pathname === place || url.pathname.startsWith(place.endsWith('/') ? place : `${place}/`),
      )
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
    const headers = new Headers(init.headers)
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '))
    if (!headers.has('accept')) headers.set('accept', 'text/html')
    headers.set('accept-language', 'en')
    const response = await send(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(line)
    return response
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/'
    const isGone =
      value === '' ||
      attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=Thu, 01 Jan 1970/i.test(one))
    // The provider has a cookie for each question that is open: one name, and the path of its answer.
    const another = `${name} ${path}`
    const isAnother = jar.has(another) || (jar.get(name)?.path ?? path) !== path
    if (isGone) jar.delete(isAnother ? another : name)
    else jar.set(isAnother ? another : name, { value: decodeURIComponent(value), path })
  }

  /** Fills in the form of a page and sends it, with the hidden fields it has. */
  async function submit(
    page: string,
    id: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const { action, hidden } = formOf(page, id)
    return go(action, {
      method: 'POST',
      body: new URLSearchParams({ ...hidden, ...fields }),
      headers: { origin },
    })
  }

  /** Follows redirects on this origin until a page comes, or an address elsewhere. */
  async function follow(
    response: Response,
    until: (url: URL) => boolean = () => false,
  ): Promise<{ response: Response; url: URL }> {
    let [current, url] = [response, new URL(origin)]
    while (current.status >= 300 && current.status < 400) {
      url = new URL(current.headers.get('location') ?? '/', origin)
      if (url.origin !== origin || until(url)) break
      current = await go(url.href)
    }
    return { response: current, url }
  }

  return { go, submit, follow, jar }
}
export type Browser = ReturnType<typeof createBrowser>

export function formOf(page: string, id: string): { action: string; hidden: Record<string, string> } {
  const form = [...page.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].find(([, tag]) =>
    tag?.includes(`id="${id}"`),
  )
  if (form === undefined) throw new Error(`There is no form ${id} on this page.`)
  const [, tag = '', inside = ''] = form
  const value = (text: string, name: string) =>
    unescape(new RegExp(` ${name}="([^"]*)"`).exec(text)?.[1] ?? '')
  const hidden = [...inside.matchAll(/<input\b([^>]*)>/g)]
    .filter(([, input]) => input?.includes('type="hidden"'))
    .map(([, input = '']) => [value(input, 'name'), value(input, 'value')])
  return { action: value(tag, 'action'), hidden: Object.fromEntries(hidden) as Record<string, string> }
}

const unescape = (text: string) =>
  text
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

/** Signs in with a password at the page given. */
export async function signIn(
  browser: Browser,
  { at = '/sign-in', identifier = 'ada@example.org', secret = password } = {},
): Promise<Response> {
  const page = await (await browser.go(at)).text()
  return browser.submit(page, 'sign-in', { identifier, password: secret })
}

/** The portal as a strict client of others: from the first redirect to the code, and to tokens. */
export async function codeFlow(service: At, browser: Browser, more: Readonly<Record<string, string>> = {}) {
  const { portal, callback, checks } = await codeOf(service, browser, more)
  return { portal, callback, checks, tokens: await client.authorizationCodeGrant(portal, callback, checks) }
}

export async function codeOf(service: At, browser: Browser, more: Readonly<Record<string, string>> = {}) {
  const portal = await client.discovery(
    new URL(service.origin),
    'portal',
    undefined,
    client.ClientSecretBasic(portalSecret),
    { execute: [client.allowInsecureRequests] },
  )
  const verifier = client.randomPKCECodeVerifier()
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  }
  const start = client.buildAuthorizationUrl(portal, {
    redirect_uri: `${service.origin}/session/callback`,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  })
  const stop = (url: URL) => ['/sign-in', '/session/callback'].includes(url.pathname)
  const { url } = await browser.follow(await browser.go(start.href), stop)
  if (url.pathname === '/session/callback') return { portal, callback: url, checks }
  const { url: callback } = await browser.follow(
    await signIn(browser, { at: url.href }),
    (there) => there.pathname === '/session/callback',
  )
  return { portal, callback, checks }
}

/** The token endpoint as it is, for those who do not keep to the rules. */
export function askToken(origin: string, form: Readonly<Record<string, string>>): Promise<Response> {
  const basic = Buffer.from(`portal:${encodeURIComponent(portalSecret)}`).toString('base64')
  return fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { authorization: `Basic ${basic}` },
  })
}
