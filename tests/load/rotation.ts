/**
 * Rotation under load: people use their tokens at two nodes while every key changes and then both nodes are restarted, one after the other.
 * Who verifies has fetched the list of keys once, before, and never asks again, which is the least that a library may do. Nothing may fail.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Registry } from '@althing/kernel/telemetry'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'
import { compose, type IdentityKit } from '../../services/identity/compose.ts'
import { algorithms } from '../../services/identity/keys/schema.ts'
import { createMetrics } from '../../services/identity/metrics.ts'
import {
  addAccount,
  askToken,
  codeFlow,
  createBrowser,
  signIn,
  testIdentity,
  type TestIdentity,
} from '../support/identity.ts'

interface Node {
  readonly origin: string
  readonly child: ChildProcess
}

interface Signed {
  readonly accessToken: string
  readonly idToken: string
}

const people = 8

export async function rotationUnderLoad({ requests }: { readonly requests: number }) {
  const home = await testIdentity({ jwksFromSelf: true })
  const refreshTokens = await signInAll(home)
  const nodes = [await startNode(home), await startNode(home)]
  const { keys } = compose(home.kit as unknown as IdentityKit, createMetrics(new Registry()))
  for (const alg of algorithms) await keys.rotate(alg, 'operator:load', false).catch(() => {}) // Announced, and too young.
  const list = (await (await fetch(`${home.origin}/.well-known/jwks.json`)).json()) as JSONWebKeySet
  const counts = { requests: 0, failures: [] as string[], verified: 0 }
  const signedBy = new Map<string, Signed>()
  const startedAt = performance.now()
  /** Never at an end before the restarts are. */
  let target = Infinity

  const load = Promise.all(refreshTokens.map((token) => use(token)))
  await until(requests * 0.25)
  await home.kit.database.query(
    `update signing_key set since = since - interval '2 hours' where state = 'next'`,
  )
  for (const alg of algorithms) await keys.rotate(alg, 'operator:load', false)
  await until(requests * 0.5)
  await restart(0)
  await restart(1)
  const restartsEndedAt = counts.requests
  target = Math.max(requests, restartsEndedAt + 50 * people)
  await load
  const seconds = (performance.now() - startedAt) / 1000
  await verifyWithFreshList(nodes[0]?.origin ?? '', [...signedBy.values()])
  for (const { child } of nodes) child.kill('SIGTERM')
  return {
    requests: counts.requests,
    verified: counts.verified,
    failures: counts.failures,
    kids: [...signedBy.keys()],
    restartsEndedAt,
    seconds,
  }

  /** A person's application: a new set of tokens, both verified, and the access token shown. */
  async function use(first: string): Promise<void> {
    const known = createLocalJWKSet(list)
    let token = first
    while (counts.requests < target) {
      const answer = await askToken(nextOrigin(), {
        grant_type: 'refresh_token',
        refresh_token: token,
      }).catch(String)
      if (typeof answer === 'string' || answer.status !== 200) return failed('refresh', answer)
      const body = (await answer.json()) as Record<'access_token' | 'id_token' | 'refresh_token', string>
      token = body.refresh_token
      await verify(known, { accessToken: body.access_token, idToken: body.id_token })
      const shown = await fetch(`${nextOrigin()}/api/identity/me`, {
        headers: { authorization: `Bearer ${body.access_token}` },
      }).catch(String)
      if (typeof shown === 'string' || shown.status !== 200) failed('me', shown)
      else await shown.body?.cancel()
    }
  }

  /** The next in the row. */
  function nextOrigin(): string {
    counts.requests += 1
    return nodes[counts.requests % nodes.length]?.origin ?? ''
  }

  async function verify(known: JWTVerifyGetKey, signed: Signed): Promise<void> {
    for (const jwt of [signed.accessToken, signed.idToken]) {
      const { kid = '' } = decodeProtectedHeader(jwt)
      await jwtVerify(jwt, known, { issuer: home.origin }).then(
        () => (counts.verified += 1),
        (error: unknown) => failed('verify', String(error)),
      )
      if (!signedBy.has(kid)) signedBy.set(kid, signed)
    }
  }

  /** Who asks for the list only now verifies what was signed before the rotation as well. */
  async function verifyWithFreshList(origin: string, all: readonly Signed[]): Promise<void> {
    const fresh = createRemoteJWKSet(new URL(`${origin}/.well-known/jwks.json`))
    for (const { accessToken, idToken } of all)
      for (const jwt of [accessToken, idToken])
        await jwtVerify(jwt, fresh, { issuer: home.origin }).catch((error: unknown) =>
          failed('verify later', String(error)),
        )
  }

  function failed(what: string, answer: Response | string): void {
    counts.failures.push(
      `${what}: ${typeof answer === 'string' ? answer : answer.status} at ${counts.requests}`,
    )
  }

  async function until(count: number): Promise<void> {
    while (counts.requests < count && counts.failures.length < people)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  /** As an orchestrator does it: out of the row, asked to end, the next one ready before it takes its place. */
  async function restart(index: number): Promise<void> {
    const [old, other] = [nodes[index], nodes[1 - index]]
    if (old === undefined || other === undefined) return
    nodes[index] = other
    // What was handed to it in this moment arrives before the word to end.
    await new Promise((resolve) => setTimeout(resolve, 250))
    old.child.kill('SIGTERM')
    await once(old.child, 'exit')
    nodes[index] = await startNode(home)
  }
}

async function signInAll(home: TestIdentity): Promise<string[]> {
  const tokens: string[] = []
  for (let n = 0; n < people; n += 1) {
    const email = `person${n}@example.org`
    await addAccount(home, { email })
    const browser = createBrowser(home.origin)
    await signIn(browser, { identifier: email })
    const { tokens: given } = await codeFlow(home, browser)
    tokens.push(given.refresh_token ?? '')
  }
  return tokens
}

async function startNode(home: TestIdentity): Promise<Node> {
  const { url, seeds, issuer } = home
  const given = JSON.stringify({ like: { url, seeds, issuer: { url: issuer.url } }, issuer: home.origin })
  const child = fork(fileURLToPath(new URL('identity-node.ts', import.meta.url)), [given])
  const [{ origin }] = (await once(child, 'message')) as [{ origin: string }]
  return { origin, child }
}

export async function rotation() {
  const { failures, ...measured } = await rotationUnderLoad({ requests: 10_000 })
  return { ...measured, failed: failures.length, firstFailures: failures.slice(0, 10) }
}
