/** Applications of every kind over the wire: registered with identity, speaking through strict clients of others. */
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { Registry } from '@althing/kernel/telemetry'
import * as client from 'openid-client'
import { exportJWK, SignJWT, type JWK, type JWTPayload } from 'jose'
import type { ClientWords } from '../../services/identity/clients/schema.ts'
import type { ResourceWords } from '../../services/identity/resources/schema.ts'
import { compose, type IdentityKit } from '../../services/identity/compose.ts'
import { createMetrics } from '../../services/identity/metrics.ts'
import { counted } from './counted.ts'
import { signIn, type Browser, type TestIdentity } from './identity.ts'
import { until } from '@althing/kernel/testing'

export const callback = 'https://shop.example/callback'
export const api = 'https://api.example/'

const composedOf = (service: TestIdentity) =>
  compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))

/** @returns its secret, when it has one */
export async function addClient(service: TestIdentity, id: string, words: ClientWords = {}): Promise<string> {
  const hasCode = (words.grant_types ?? ['authorization_code']).includes('authorization_code')
  const registered = await composedOf(service).clients.register(
    id,
    `The application ${id}`,
    {
      id_token_signed_response_alg: 'ES256',
      ...(hasCode ? { redirect_uris: [callback] } : {}),
      ...words,
    },
    'operator:test',
  )
  if (registered === null) throw new Error(`There is a client ${id} already.`)
  return registered.secret ?? ''
}

/** A word with which any number of applications may register themselves. */
export async function registrationToken(
  service: TestIdentity,
  more: Partial<Parameters<ReturnType<typeof composedOf>['selfRegistration']['createToken']>[0]> = {},
): Promise<string> {
  const wished = { note: 'test', policy: 'oauth-2.1' as const, mostUses: 10_000, days: 7, ...more }
  return (await composedOf(service).selfRegistration.createToken(wished, 'operator:test')).token
}

/** A change of keys, or of servers that tokens can be for: each node hears of it by itself, and is waited for. */
export async function takenUp<T>(
  nodes: TestIdentity | readonly TestIdentity[],
  change: () => Promise<T>,
): Promise<T> {
  const all = [nodes].flat() as readonly TestIdentity[]
  const made = (node: TestIdentity) =>
    counted(node).then((counts) => counts['id_oidc_engine_made_total'] ?? 0)
  const before = await Promise.all(all.map(made))
  const result = await change()
  await until(async () =>
    (await Promise.all(all.map(made))).every((count, index) => count > (before[index] ?? 0)),
  )
  return result
}

export async function addResource(service: TestIdentity, words: Partial<ResourceWords> = {}): Promise<void> {
  const resource = { uri: api, name: 'The calendar', scopes: ['read', 'write'], ...words }
  await takenUp(service, async () => {
    if (!(await composedOf(service).resources.add(resource, 'operator:test')))
      throw new Error(`There is a resource ${resource.uri} already.`)
  })
}

/** A pair of which the public half is registered. */
export async function keyPair(): Promise<{ privateKey: KeyObject; jwk: JWK; jwks: { keys: never[] } }> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' }
  return { privateKey, jwk, jwks: { keys: [jwk as never] } }
}

export async function strict(
  service: TestIdentity,
  id: string,
  auth: client.ClientAuth,
  metadata: Partial<client.ClientMetadata> = {},
): Promise<client.Configuration> {
  return client.discovery(
    new URL(service.origin),
    id,
    { id_token_signed_response_alg: 'ES256', ...metadata },
    auth,
    { execute: [client.allowInsecureRequests] },
  )
}

/**
 * From an address of the provider to the way back: signs in where it is asked for, and allows what is asked. At most four questions.
 * @returns where that ends, and how often who and what was asked.
 */
export async function through(
  browser: Browser,
  start: string,
): Promise<{ url: URL; page: string; signIns: number; consents: number }> {
  let { response, url } = await browser.follow(await browser.go(start))
  let [signIns, consents] = [0, 0]
  for (let step = 0; step < 4; step += 1) {
    if (response.status >= 300 && response.status < 400) break
    const page = await response.text()
    const form = ['sign-in', 'consent', 'device-confirm'].find((id) => page.includes(`id="${id}"`))
    if (form === undefined) return { url, page, signIns, consents }
    if (form === 'sign-in') signIns += 1
    if (form === 'consent') consents += 1
    const next =
      form === 'sign-in'
        ? await signIn(browser, { at: url.href })
        : await browser.submit(page, form, form === 'consent' ? { decision: 'allow' } : { confirm: 'yes' })
    ;({ response, url } = await browser.follow(next))
  }
  return { url, page: '', signIns, consents }
}

/** A code flow of another application, to the answer of the token endpoint. */
export async function codeGrant(
  config: client.Configuration,
  browser: Browser,
  more: Readonly<Record<string, string>> = {},
  options?: client.DPoPOptions,
) {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const parameters = {
    redirect_uri: callback,
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...((more['scope'] ?? 'openid').split(' ').includes('openid') ? { nonce } : {}),
    ...more,
  }
  const start = client.buildAuthorizationUrl(config, parameters)
  const { url } = await through(browser, start.href)
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: state,
    ...('nonce' in parameters ? { expectedNonce: nonce } : {}),
  }
  const resource: Record<string, string> =
    more['resource'] === undefined ? {} : { resource: more['resource'] }
  const grant = () => client.authorizationCodeGrant(config, url, checks, resource, options)
  return { url, checks, parameters, grant }
}

/** An assertion of who asks (RFC 7523), as it ought to be; a test breaks it. */
export async function assertion(
  service: TestIdentity,
  id: string,
  key: KeyObject,
  broken: JWTPayload = {},
  header: Readonly<Record<string, string>> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({
    iss: id,
    sub: id,
    aud: service.origin,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
    ...broken,
  })
    .setProtectedHeader({ alg: 'ES256', ...header })
    .sign(key)
}

/** Whatever an endpoint is sent, as it is. */
export async function post(
  service: TestIdentity,
  path: string,
  form: Readonly<Record<string, string>> | readonly (readonly [string, string])[],
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const response = await fetch(`${service.origin}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form as unknown as string[][]),
    headers,
    redirect: 'manual',
  })
  const text = await response.text()
  const isJson = (response.headers.get('content-type') ?? '').includes('json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } }
}

export const basic = (id: string, secret: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
})
