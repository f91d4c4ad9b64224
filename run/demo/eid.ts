/**
 * A stand-in for a national eID provider (kenni.is), for demonstrations and tests only: a small OpenID issuer with the code flow,
 * PKCE, nonce and RS256, spoken to only over the wire. It proves nobody's identity: whoever comes chooses who to be.
 */
import { createHash, generateKeyPairSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, SignJWT } from 'jose'

export interface DemoPerson {
  readonly national_id: string
  readonly name: string
  readonly email: string
  readonly phone_number: string
}

export interface EidOptions {
  readonly issuer: string
  readonly host?: string
  readonly port: number
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUris: readonly string[]
  readonly people: readonly DemoPerson[]
}

interface Code {
  readonly person: DemoPerson
  readonly challenge: string
  readonly redirectUri: string
  readonly nonce: string | undefined
  readonly expiresAt: number
}

/** @returns what stops it. */
export async function startEid(options: EidOptions): Promise<() => Promise<void>> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'demo', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, Code>()
  const routes: Record<
    string,
    (url: URL, request: IncomingMessage, response: ServerResponse) => void | Promise<void>
  > = {
    'GET /.well-known/openid-configuration': (_url, _request, response) =>
      json(response, 200, discovery(options.issuer)),
    'GET /oidc/jwks': (_url, _request, response) => json(response, 200, { keys: [jwk] }),
    'GET /oidc/auth': (url, _request, response) => choose(url, response, options),
    'GET /oidc/continue': (url, _request, response) => proceed(url, response, options, codes),
    'POST /oidc/token': async (_url, request, response) => {
      const answer = redeem(new URLSearchParams(await read(request)), request, options, codes)
      if (answer === null) return json(response, 400, { error: 'invalid_grant' })
      const { person, nonce } = answer
      const token = await new SignJWT({
        ...person,
        ...(nonce === undefined ? {} : { nonce }),
        auth_time: Math.floor(Date.now() / 1000),
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'demo' })
        .setIssuer(options.issuer)
        .setAudience(options.clientId)
        .setSubject(createHash('sha256').update(`demo:${person.national_id}`).digest('hex').slice(0, 32))
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey)
      json(response, 200, {
        access_token: randomBytes(16).toString('hex'),
        token_type: 'Bearer',
        expires_in: 300,
        id_token: token,
      })
    },
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', options.issuer)
    const handler = routes[`${request.method} ${url.pathname}`]
    void Promise.resolve(
      handler === undefined ? json(response, 404, { error: 'not_found' }) : handler(url, request, response),
    ).catch(() => json(response, 500, { error: 'server_error' }))
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port, options.host ?? '127.0.0.1', resolve),
  )
  return () => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections()))
}

function discovery(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oidc/auth`,
    token_endpoint: `${issuer}/oidc/token`,
    jwks_uri: `${issuer}/oidc/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    scopes_supported: ['openid', 'profile'],
    claims_supported: ['sub', 'national_id', 'name', 'email', 'phone_number'],
  }
}

/** The page on which one chooses who to be. Every button carries the request along, so that the server keeps nothing. */
function choose(url: URL, response: ServerResponse, { clientId, redirectUris, people }: EidOptions): void {
  const asked = url.searchParams
  const acceptable =
    asked.get('client_id') === clientId &&
    redirectUris.includes(asked.get('redirect_uri') ?? '') &&
    asked.get('response_type') === 'code' &&
    asked.get('code_challenge_method') === 'S256' &&
    /^[A-Za-z0-9_-]{43}$/.test(asked.get('code_challenge') ?? '')
  if (!acceptable) return json(response, 400, { error: 'invalid_request' })
  const carried = ['redirect_uri', 'state', 'nonce', 'code_challenge']
    .flatMap((name) =>
      asked.get(name) === null
        ? []
        : [`<input type="hidden" name="${name}" value="${escape(asked.get(name) ?? '')}">`],
    )
    .join('')
  const buttons = people
    .map(
      ({ national_id, name }) =>
        `<li><button name="national_id" value="${national_id}">${escape(name)}<small>${national_id.slice(0, 6)}-${national_id.slice(6)}</small></button></li>`,
    )
    .join('')
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  response.end(`<!doctype html><html lang="is"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sýniskilríki · demo eID</title>
<style>body{font:17px/1.5 system-ui,sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem;color:#16232b;background:#fbfaf7}ul{list-style:none;padding:0}button{width:100%;min-height:44px;margin:.25rem 0;padding:.5rem 1rem;font:inherit;text-align:left;border:1px solid #74828a;border-radius:6px;background:#fff;color:inherit;display:flex;justify-content:space-between}small{color:#4b5a63}input[type=text]{font:inherit;min-height:44px;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #74828a;border-radius:6px}p.demo{border-left:4px solid #8a5a00;padding-left:1rem}</style>
<main><h1>Hver ert þú? <span lang="en">Who are you?</span></h1><p class="demo">Sýnigátt: hér eru engin raunveruleg skilríki. <span lang="en">A stand-in for demonstrations: nothing here proves anything.</span></p>
<form action="/oidc/continue" method="get">${carried}<label for="other">Kennitala</label> <input id="other" type="text" name="other" inputmode="numeric" autocomplete="off"><button name="national_id" value="">Áfram með þessa kennitölu · Continue with this one</button><ul>${buttons}</ul></form></main></html>`)
}

/** Whom nobody here knows: said in words, with the way back to the list. */
function nobody(asked: URLSearchParams, clientId: string, response: ServerResponse): void {
  const back = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    code_challenge_method: 'S256',
  })
  for (const name of ['redirect_uri', 'state', 'nonce', 'code_challenge'])
    if (asked.has(name)) back.set(name, asked.get(name) ?? '')
  response.writeHead(400, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(`<!doctype html><html lang="is"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sýniskilríki · demo eID</title>
<body style="font:17px/1.5 system-ui,sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem"><main><h1>Enginn hér hefur þessa kennitölu.</h1><p lang="en">Nobody here has this kennitala.</p>
<p><a href="/oidc/auth?${escape(back.toString())}">Velja annan · Choose somebody else</a></p></main></body></html>`)
}

function proceed(
  url: URL,
  response: ServerResponse,
  { clientId, redirectUris, people }: EidOptions,
  codes: Map<string, Code>,
): void {
  const asked = url.searchParams
  const wanted = (asked.get('national_id') || asked.get('other') || '').replaceAll(/\D/g, '')
  const person = people.find(({ national_id }) => national_id === wanted)
  const redirectUri = asked.get('redirect_uri') ?? ''
  if (!redirectUris.includes(redirectUri)) return json(response, 400, { error: 'invalid_request' })
  if (person === undefined) return nobody(asked, clientId, response)
  const code = randomBytes(24).toString('base64url')
  codes.set(code, {
    person,
    redirectUri,
    challenge: asked.get('code_challenge') ?? '',
    nonce: asked.get('nonce') ?? undefined,
    expiresAt: Date.now() + 60_000,
  })
  const target = new URL(redirectUri)
  target.searchParams.set('code', code)
  if (asked.get('state') !== null) target.searchParams.set('state', asked.get('state') ?? '')
  response
    .writeHead(303, { location: target.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .end()
}

/** Client, code, redirect address and PKCE verifier must all fit; a code works once, also for whoever gets it wrong. */
function redeem(
  form: URLSearchParams,
  request: IncomingMessage,
  options: EidOptions,
  codes: Map<string, Code>,
): Code | null {
  const expected = `Basic ${Buffer.from(`${options.clientId}:${options.clientSecret}`).toString('base64')}`
  const given = request.headers.authorization ?? ''
  if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given), Buffer.from(expected)))
    return null
  const code = codes.get(form.get('code') ?? '')
  codes.delete(form.get('code') ?? '')
  if (code === undefined || code.expiresAt < Date.now() || form.get('redirect_uri') !== code.redirectUri)
    return null
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  return challenge === code.challenge ? code : null
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > 16_384) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(value))
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}
