/** Signs people in with Althing, shows who is there, asks an API in their name, and signs them out everywhere. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { page } from './page.ts'

const { ALTHING_URL = 'http://localhost:8080', WEB_URL = 'http://localhost:4000' } = process.env
const { API_URL = 'http://localhost:4001/', API_AT = API_URL } = process.env
const { CLIENT_ID = 'example-web', CLIENT_SECRET = '' } = process.env

/** All that has to be known of Althing is its address. */
const isPlain = ALTHING_URL.startsWith('http://localhost')
const althing = await client.discovery(
  new URL(ALTHING_URL),
  CLIENT_ID,
  undefined,
  client.ClientSecretBasic(CLIENT_SECRET),
  { execute: isPlain ? [client.allowInsecureRequests] : [] },
)
const keys = createRemoteJWKSet(new URL(althing.serverMetadata().jwks_uri ?? ''))

interface Session {
  readonly name: string
  /** Althing's name for its session: by that it says that the session has ended. */
  readonly sid: unknown
  readonly idToken: string
  tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers
}
type Begun = client.AuthorizationCodeGrantChecks

/** By the cookie of a browser; a real one would keep them in a store. */
const sessions = new Map<string, Session>()
const attempts = new Map<string, Begun>()

/** Off to Althing. What comes back has to fit to what this browser began. */
async function signIn(): Promise<Reply> {
  const begun = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState() }
  const to = client.buildAuthorizationUrl(althing, {
    redirect_uri: `${WEB_URL}/signed-in`,
    scope: 'openid offline_access read write',
    prompt: 'consent',
    resource: API_URL,
    claims: JSON.stringify({ id_token: { name: null } }),
    state: begun.expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(begun.pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const cookie = randomUUID()
  attempts.set(cookie, begun)
  return { to: to.href, cookie }
}

/** Back from Althing, with a code for tokens. The browser gets a new name, so that nobody knows it who knew the one before. */
async function signedIn({ url, cookie }: Asked): Promise<Reply> {
  const begun = attempts.get(cookie)
  if (begun === undefined) return { status: 400, body: page('Please begin again.') }
  attempts.delete(cookie)
  const tokens = await client
    .authorizationCodeGrant(althing, url, begun, { resource: API_URL })
    .catch((error: unknown) => error as Error)
  if (tokens instanceof Error) return notSignedIn(tokens)
  const claims = tokens.claims()
  const fresh = randomUUID()
  const name = String(claims?.['name'] ?? claims?.sub)
  sessions.set(fresh, { name, sid: claims?.['sid'], idToken: tokens.id_token ?? '', tokens })
  return { to: '/', cookie: fresh }
}

/** Why nobody is signed in, in the words of whoever refused: beginning again helps against nothing that is registered wrongly. */
function notSignedIn(error: Error): Reply {
  const isAnswer = error instanceof client.AuthorizationResponseError
  // Somebody was asked and said no (RFC 6749, section 4.1.2.1): nothing is broken.
  if (isAnswer && error.error === 'access_denied') return { status: 403, body: page(saidNo) }
  console.error(error)
  if (!isAnswer && !(error instanceof client.ResponseBodyError))
    return { status: 400, body: page('Please begin again.') }
  const { error: code, error_description: why = '' } = error
  return { status: 400, body: page(`Althing refused what this application asked for (${code}). ${why}`) }
}
const saidNo =
  'You have not given this application access, so you are not signed in here and nothing was told. If you did not mean to say no, sign in once more.'

/** What we hold is not taken any more: whoever was signed in is not. */
class Over extends Error {}

/** An access token that is good for a while yet; each refresh token is used once. */
async function accessToken(session: Session): Promise<string> {
  if ((session.tokens.expiresIn() ?? 0) < 30)
    session.tokens = await client
      .refreshTokenGrant(althing, session.tokens.refresh_token ?? '', { resource: API_URL })
      .catch((error: unknown) => {
        const isRefused = error instanceof client.ResponseBodyError && error.status < 500
        throw isRefused ? new Over('the refresh token', { cause: error }) : error
      })
  return session.tokens.access_token
}

/** Somebody else does not do its part: whoever is there reads what. */
class Away extends Error {}

/** The API, in the name of whoever is signed in. */
async function notes(session: Session, method: 'GET' | 'POST'): Promise<string[]> {
  const response = await fetch(new URL('/notes', API_AT), {
    method,
    headers: { authorization: `Bearer ${await accessToken(session)}` },
  }).catch((cause: unknown) => {
    throw new Away(`The API does not answer at ${API_AT}. Has it been started?`, { cause })
  })
  if (response.status === 401) throw new Over('the access token')
  if (!response.ok) throw new Away(`The API answered ${response.status}.`)
  return ((await response.json()) as { notes: string[] }).notes
}

/** Here, at the API, and at Althing, which tells all others. */
async function signOut({ cookie, session }: Asked): Promise<Reply> {
  if (session === undefined) return { to: '/' }
  sessions.delete(cookie)
  await client.tokenRevocation(althing, session.tokens.refresh_token ?? '')
  const to = client.buildEndSessionUrl(althing, {
    id_token_hint: session.idToken,
    post_logout_redirect_uri: `${WEB_URL}/`,
  })
  return { to: to.href, cookie: '' }
}

/** Althing says that a session has ended somewhere else (OpenID Connect Back-Channel Logout, section 2.6). */
async function toldOfEnd({ request }: Asked): Promise<Reply> {
  const token = new URLSearchParams(await text(request)).get('logout_token') ?? ''
  const said = await jwtVerify(token, keys, {
    issuer: ALTHING_URL,
    audience: CLIENT_ID,
    typ: 'logout+jwt',
  }).catch(() => undefined)
  if (said?.payload['sid'] === undefined || 'nonce' in said.payload) return { status: 400, body: '' }
  const over = [...sessions].filter(([, { sid }]) => sid === said.payload['sid'])
  // Whoever sees that they are signed out can count on it that nothing of theirs is good for anything any more.
  await Promise.allSettled(
    over.map(([cookie, { tokens }]) =>
      client.tokenRevocation(althing, tokens.refresh_token ?? '').finally(() => sessions.delete(cookie)),
    ),
  )
  return { body: '' }
}

interface Asked {
  readonly request: IncomingMessage
  readonly url: URL
  readonly cookie: string
  readonly session: Session | undefined
}
interface Reply {
  readonly status?: number
  readonly body?: string
  readonly to?: string
  readonly cookie?: string
}

const routes: Readonly<Record<string, (asked: Asked) => Reply | Promise<Reply>>> = {
  'GET /': async ({ session }) => ({
    body: session === undefined ? page() : page('', session.name, await notes(session, 'GET')),
  }),
  'GET /sign-in': signIn,
  'GET /signed-in': signedIn,
  async 'POST /notes'({ session }) {
    if (session !== undefined) await notes(session, 'POST')
    return { to: '/' }
  },
  'POST /sign-out': signOut,
  'POST /signed-out': toldOfEnd,
}

async function answer(request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', WEB_URL)
  const [, cookie = ''] = /(?:^|; )example=([\w-]+)/.exec(request.headers.cookie ?? '') ?? []
  const route = routes[`${request.method} ${url.pathname}`]
  if (route === undefined) return { status: 404, body: page('There is nothing here.') }
  try {
    return await route({ request, url, cookie, session: sessions.get(cookie) })
  } catch (error) {
    if (!(error instanceof Over)) throw error
    sessions.delete(cookie)
    return { to: '/', cookie: '' }
  }
}

const server = createServer((request, response) => {
  void answer(request)
    .catch((error: unknown): Reply => {
      console.error(error)
      return { status: 502, body: page(error instanceof Away ? error.message : 'That did not work.') }
    })
    .then(({ to, cookie, body, status = to === undefined ? 200 : 303 }) => {
      response.writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        ...(to === undefined ? {} : { location: to }),
        // Lax: no other site can have a form of ours sent in somebody's name.
        ...(cookie === undefined
          ? {}
          : { 'set-cookie': `example=${cookie}; Path=/; HttpOnly; SameSite=Lax` }),
      })
      response.end(body)
    })
})
server.listen(Number(new URL(WEB_URL).port), 'localhost', () => console.log(`The example is at ${WEB_URL}`))
