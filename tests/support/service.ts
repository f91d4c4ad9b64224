/**
 * One service for a test: real database, real settings, real signatures and tokens, no socket of its own. Other services are
 * spoken for by their keys; people by tokens of a test issuer that serves its keys over HTTP like the real one.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { createSigner, publicPart, signingKey } from '@althing/kernel/http'
import { systemChance, systemClock, type Clock } from '@althing/kernel/context'
import { migrationsOf, runService, type Running, type Service } from '@althing/kernel/service'
import { silentLog, type Log } from '@althing/kernel/telemetry'
import { testDatabase } from '@althing/kernel/testing'
import { baseBundle } from './policies.ts'

export interface TestServiceOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly clock?: Clock
  readonly log?: Log
  /** A second node on the database of a first. */
  readonly like?: TestService
  readonly withoutBundle?: boolean
  /** The keys of all services, for stories in which several run. */
  readonly seeds?: Readonly<Record<string, string>>
  /** Where other services answer, for stories in which they do. */
  readonly peerUrls?: Readonly<Record<string, string>>
  /** Where tokens come from, when not from the test issuer. */
  readonly issuerUrl?: string
  /** With sockets of its own; without, `fetch` reaches it. */
  readonly listen?: boolean
}

export interface TestService extends Running {
  /** Every node on this database; all are closed before it goes. */
  readonly nodes: Running[]
  readonly url: string
  readonly seeds: Readonly<Record<string, string>>
  readonly issuer: TestIssuer
  /** A request signed by another service. */
  asService(service: string, method: string, path: string, body?: unknown): Promise<Response>
  /** A request of a signed-in person. */
  asPerson(
    person: TestPerson,
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>
}

export interface TestPerson {
  readonly subject: string
  readonly roles?: readonly string[]
  readonly session?: string
  readonly stamp?: number
}

const names = ['portal', 'identity', 'policy', 'members', 'events', 'elections']
const origin = 'http://localhost:8080'
/** A door that hears nothing for a minute lets nobody in. */
const newsEveryMs = 5_000

export async function testService(service: Service, options: TestServiceOptions = {}): Promise<TestService> {
  // Registered before the database's own: hooks run in this order, and a service must let go of its database first.
  const running: Running[] = options.like?.nodes ?? []
  if (options.like === undefined) after(() => Promise.all(running.map((node) => node.close())))
  const seeds =
    options.seeds ??
    options.like?.seeds ??
    Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')]))
  const issuer = options.like?.issuer ?? (await testIssuer())
  const url =
    options.like?.url ?? (await testDatabase({ migrations: migrationsOf(service), name: service.name })).url
  const peers = Object.fromEntries(
    names.map((name) => [
      name,
      {
        url: options.peerUrls?.[name] ?? options.issuerUrl ?? issuer.url,
        key: publicPart(signingKey(seeds[name] ?? '')),
      },
    ]),
  )
  const own = (word: string) => `ALTHING_${service.name.toUpperCase()}_${word}`
  const env = {
    [own('DATABASE_URL')]: url,
    [own('SERVICE_KEY')]: seeds[service.name] ?? '',
    ALTHING_URL: origin,
    ALTHING_PEERS: JSON.stringify(peers),
    ALTHING_LOG_LEVEL: 'silent',
    ...options.env,
  }
  const started = await runService(service, {
    env,
    listen: options.listen ?? false,
    log: options.log ?? silentLog,
    clock: options.clock ?? systemClock,
  })
  let closing: Promise<void> | undefined
  /** A story may close it before the file does. */
  const close = () => (closing ??= started.close())
  running.push({ ...started, close })
  if (service.name !== 'policy' && options.withoutBundle !== true)
    started.kit.authz.install(await baseBundle(signingKey(seeds['policy'] ?? '')))
  started.kit.revocations.apply({ entries: [], latest: 0 })

  const send = (method: string, path: string, headers: Record<string, string>, body: string) =>
    started.fetch(
      new Request(`${origin}${path}`, {
        method,
        headers: { ...headers, ...(body === '' ? {} : { 'content-type': 'application/json' }) },
        ...(body === '' ? {} : { body }),
      }),
    )

  return {
    ...started,
    nodes: running,
    close,
    url,
    seeds,
    issuer,
    asService(name, method, path, body) {
      const text = body === undefined ? '' : JSON.stringify(body)
      const signer = createSigner({
        service: name,
        key: signingKey(seeds[name] ?? ''),
        clock: options.clock ?? systemClock,
        chance: systemChance,
      })
      return send(method, path, signer.headers({ method, target: path, body: text }, service.name), text)
    },
    asPerson(person, method, path, body, headers = {}) {
      const token = issuer.token(person)
      return send(
        method,
        path,
        { authorization: `Bearer ${token}`, ...headers },
        body === undefined ? '' : JSON.stringify(body),
      )
    },
  }
}

export interface TestIssuer {
  readonly url: string
  token(person: TestPerson, claims?: Readonly<Record<string, unknown>>): string
}

/** Serves its JWKS on a free port, signs access tokens as identity does (RFC 9068), and says now and then that none has been ended. */
export async function testIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'ES256', use: 'sig' }],
  })
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', origin)
    const say = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    if (pathname === '/.well-known/jwks.json') return void say(200, keys)
    // Of policies there is no news: a refusal would be asked again twice a second.
    if (pathname === '/internal/policy/bundle') return
    if (pathname !== '/internal/revocations') return void say(404, '{}')
    const nothing = JSON.stringify({ entries: [], latest: Number(searchParams.get('after')) })
    setTimeout(() => say(200, nothing), newsEveryMs).unref()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => (server.closeAllConnections(), server.close()))
  server.unref()
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    token: (person, claims) => accessToken(privateKey, person, claims),
  }
}

function accessToken(
  key: KeyObject,
  { subject, roles = [], session, stamp = 0 }: TestPerson,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const now = Math.floor(systemClock.now().getTime() / 1000)
  const claims = {
    iss: origin,
    aud: `${origin}/api`,
    sub: subject,
    client_id: 'portal',
    scope: 'openid',
    roles,
    stamp,
    iat: now,
    exp: now + 900,
    jti: randomBytes(8).toString('hex'),
    ...(session === undefined ? {} : { sid: session }),
    ...more,
  }
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${encode({ alg: 'ES256', typ: 'at+jwt', kid: 'test' })}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), { key: createPrivateKey(key.export({ format: 'pem', type: 'pkcs8' }) as string), dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}
