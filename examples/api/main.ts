/** An API that keeps notes of people and believes the access tokens of Althing that are for it. Needs `jose` and nothing else. */
import { createServer, type IncomingMessage } from 'node:http'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

const {
  ALTHING_URL = 'http://localhost:8080',
  API_URL = 'http://localhost:4001/',
  CLIENT_SECRET = '',
} = process.env
const port = Number(process.env['PORT'] ?? new URL(API_URL).port)
const keys = createRemoteJWKSet(new URL(`${ALTHING_URL}/.well-known/jwks.json`))

/** Who speaks, and what they may do here. */
interface Caller {
  readonly sub: string
  readonly scope: string
}

/** A signed token (RFC 9068): checked here, asking nobody. It is good until it ends, whatever happens meanwhile. */
async function checked(token: string): Promise<Caller | null> {
  try {
    const { payload } = await jwtVerify<Caller>(token, keys, {
      issuer: ALTHING_URL,
      audience: API_URL,
      typ: 'at+jwt',
      algorithms: ['ES256'],
    })
    return { sub: payload.sub, scope: payload.scope }
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error // Althing could not be reached for its keys: that is no fault of the token.
  }
}

/** Any other token says nothing by itself: Althing says what it is worth now (RFC 7662). */
async function asked(token: string): Promise<Caller | null> {
  const response = await fetch(`${ALTHING_URL}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`example-api:${encodeURIComponent(CLIENT_SECRET)}`)}` },
    body: new URLSearchParams({ token }),
    signal: AbortSignal.timeout(5000),
  })
  if (!response.ok)
    throw new Error(`Althing answered ${response.status} to the question what a token is worth.`)
  const worth = (await response.json()) as Caller & { active: boolean; aud?: string }
  return worth.active && worth.aud === API_URL ? { sub: worth.sub, scope: worth.scope } : null
}

async function callerOf({ headers: { authorization = '' } }: IncomingMessage): Promise<Caller | null> {
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization) ?? []
  if (token === undefined) return null
  return token.includes('.') ? checked(token) : asked(token)
}

const notes = new Map<string, string[]>()

interface Answer {
  readonly status: number
  readonly body: object
  /** What is missing (RFC 6750, section 3). */
  readonly challenge?: string
}

async function answer(request: IncomingMessage): Promise<Answer> {
  if (request.url !== '/notes') return { status: 404, body: { error: 'not_found' } }
  const caller = await callerOf(request)
  if (caller === null) {
    const error = request.headers.authorization === undefined ? '' : ' error="invalid_token"'
    return { status: 401, body: { error: 'invalid_token' }, challenge: `Bearer${error}` }
  }
  const needed = request.method === 'GET' ? 'read' : 'write'
  if (!caller.scope.split(' ').includes(needed)) {
    const challenge = `Bearer error="insufficient_scope", scope="${needed}"`
    return { status: 403, body: { error: 'insufficient_scope' }, challenge }
  }
  const mine = notes.get(caller.sub) ?? []
  if (request.method === 'GET') return { status: 200, body: { notes: mine } }
  notes.set(caller.sub, [...mine, `Note ${mine.length + 1}`])
  return { status: 201, body: { notes: notes.get(caller.sub) } }
}

const server = createServer((request, response) => {
  void answer(request)
    .catch((error: unknown): Answer => {
      console.error(error)
      return { status: 503, body: { error: 'temporarily_unavailable' } }
    })
    .then(({ status, body, challenge }) => {
      const headers = challenge === undefined ? {} : { 'www-authenticate': challenge }
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    })
})
server.listen(port, 'localhost', () => console.log(`The API listens at ${API_URL}`))
