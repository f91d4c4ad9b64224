import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { SignJWT, exportJWK, UnsecuredJWT } from 'jose'
import { z } from 'zod'
import { systemChance } from '../context/index.ts'
import { Fault } from '../errors/index.ts'
import { createBreakers } from '../resilience/index.ts'
import { createTestClock, minutes, race, seconds, testDatabase } from '../testing/index.ts'
import { parseCookies, serializeCookie } from './answer.ts'
import {
  countersInPostgres,
  createLimits,
  createPeers,
  createRevocations,
  createSigner,
  createTokens,
  createVerifier,
  pause,
  publicPart,
  signingKey,
  verifyingKey,
} from './index.ts'

const http = { name: 'kernel.http', folder: new URL('./migrations/', import.meta.url) }
const seed = Buffer.alloc(32, 7).toString('base64url')

test('a signed call is what it was, from whom it says, once, and soon', async () => {
  const clock = createTestClock()
  const kept = new Set<string>()
  const key = signingKey(seed)
  const verify = createVerifier({
    service: 'members',
    peers: new Map([['events', verifyingKey(publicPart(key))]]),
    clock,
    keepNonce: async (nonce) => !kept.has(nonce) && kept.add(nonce).size > 0,
  })
  const signer = createSigner({ service: 'events', key, clock, chance: systemChance })
  const call = { method: 'POST', target: '/internal/x?a=1', body: '{"a":1}' }
  const signed = () => ({ ...call, headers: signer.headers(call, 'members') })

  const first = signed()
  assert.equal(await verify(first), 'events')
  await assert.rejects(verify(first), { code: 'kernel.signature.replayed' })
  for (const changed of [
    { method: 'PUT' },
    { target: '/internal/x?a=2' },
    { target: '/internal/y?a=1' },
    { body: '{"a":2}' },
  ]) {
    await assert.rejects(
      verify({ ...signed(), ...changed }),
      { code: 'kernel.signature.invalid' },
      JSON.stringify(changed),
    )
  }
  const renamed = signed()
  await assert.rejects(
    verify({
      ...renamed,
      headers: {
        ...renamed.headers,
        'signature-input': (renamed.headers['signature-input'] ?? '').replace('"events"', '"policy"'),
      },
    }),
    { code: 'kernel.signature.invalid' },
  )
  await assert.rejects(
    verify({ ...call, headers: signer.headers(call, 'policy') }),
    { code: 'kernel.signature.invalid' },
    'a call for another service is not for us',
  )
  const doubled = { ...call, target: '/internal/x?a=1?b=2' }
  const altered = { ...doubled, target: '/internal/x?a=1?b=3', headers: signer.headers(doubled, 'members') }
  await assert.rejects(verify(altered), { code: 'kernel.signature.invalid' })
  const old = signed()
  clock.tick(seconds(301))
  await assert.rejects(verify(old), { code: 'kernel.signature.too_old' })
  await assert.rejects(verify({ ...call, headers: {} }), { code: 'kernel.signature.invalid' })
})

test('an access token is accepted from its issuer, for us, in time, and until the feed says otherwise', async () => {
  const clock = createTestClock('2026-11-22T05:00:00Z')
  const revocations = createRevocations(clock)
  revocations.apply({ entries: [], latest: 0 })
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwksUrl = await jwksServer({ ...(await exportJWK(pair.publicKey)), kid: 'a', alg: 'ES256' })
  const tokens = createTokens({
    issuer: 'https://id.example',
    audience: 'https://id.example/api',
    jwksUrl,
    clock,
    revocations,
  })
  const base = { client_id: 'portal', roles: ['member'], stamp: 3, sid: 's1' }
  const make = (
    change: {
      claims?: object
      typ?: string
      iss?: string
      aud?: string
      key?: typeof pair.privateKey
      minutesFromNow?: number
      crit?: string
    } = {},
  ) =>
    new SignJWT({ ...base, ...change.claims })
      .setProtectedHeader({
        alg: 'ES256',
        kid: 'a',
        typ: change.typ ?? 'at+jwt',
        ...(change.crit === undefined ? {} : { crit: [change.crit], [change.crit]: true }),
      })
      .setIssuer(change.iss ?? 'https://id.example')
      .setAudience(change.aud ?? 'https://id.example/api')
      .setSubject('acc_1')
      .setIssuedAt(clock.now())
      .setExpirationTime(new Date(clock.now().getTime() + (change.minutesFromNow ?? 15) * 60_000))
      .sign(change.key ?? pair.privateKey, { crit: { 'of-next-year': true, 'althing-bounds': true } })

  const good = await make()
  assert.deepEqual((await tokens.verify(good)).roles, ['member'])
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const bad = [
    await make({ typ: 'JWT' }),
    await make({ iss: 'https://evil.example' }),
    await make({ aud: 'https://other.example' }),
    await make({ key: foreign }),
    await make({ minutesFromNow: -1 }),
    await make({ claims: { roles: 'superadmin' } }),
    // What a later version binds in a way that this one does not know binds all the same.
    await make({ crit: 'of-next-year' }),
    await make({ claims: { bounds: { weekdays: [1] } } }),
    // Bound to a key or a certificate of which no door of ours takes a proof.
    await make({ claims: { cnf: { jkt: 'x'.repeat(43) } } }),
    new UnsecuredJWT(base).setSubject('acc_1').setIssuer('https://id.example').encode(),
    'nonsense',
    `${good}x`,
  ]
  for (const token of bad) await assert.rejects(tokens.verify(token), { code: 'kernel.token.invalid' })
  assert.equal((await tokens.verify(await make({ crit: 'althing-bounds' }))).subject, 'acc_1')

  revocations.apply({ entries: [{ seq: 1, subject: 'acc_1', stamp: 3 }], latest: 1 })
  assert.equal((await tokens.verify(good)).subject, 'acc_1')
  revocations.apply({ entries: [{ seq: 2, session: 's1' }], latest: 2 })
  await assert.rejects(tokens.verify(good), { code: 'kernel.token.revoked' })
  const other = await make({ claims: { sid: 's2' } })
  assert.equal((await tokens.verify(other)).session, 's2')
  revocations.apply({ entries: [{ seq: 3, subject: 'acc_1', stamp: 4 }], latest: 3 })
  await assert.rejects(tokens.verify(other), { code: 'kernel.token.revoked' })
  const newer = await make({ claims: { sid: 's2', stamp: 4 } })
  assert.equal((await tokens.verify(newer)).session, 's2')
  clock.tick(seconds(61))
  await assert.rejects(
    tokens.verify(newer),
    { code: 'kernel.token.unavailable' },
    'a silent feed means that nobody can know',
  )
  revocations.apply({ entries: [], latest: 3 })
  clock.tick(minutes(15))
  revocations.apply({ entries: [], latest: 3 })
  await assert.rejects(tokens.verify(newer), { code: 'kernel.token.invalid' })
})

test('whoever asks a feed that is away again and again keeps nothing of the pauses between, and none outlives its end', async () => {
  const ends = new AbortController()
  for (let n = 0; n < 10; n += 1) await pause(1, ends.signal)
  assert.equal(getEventListeners(ends.signal, 'abort').length, 0)
  const last = pause(600_000, ends.signal)
  ends.abort()
  await last
  await pause(600_000, ends.signal)
})

async function jwksServer(jwk: object): Promise<string> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] })),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/jwks`
}

test('what a leaked key signed opens no door five minutes after the issuer stopped naming the key', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: new Date('2026-11-22T05:00:00Z') })
  const clock = { now: () => new Date() }
  const revocations = createRevocations(clock)
  const pairs = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  const named = await Promise.all(
    pairs.map(async ({ publicKey }, n) => ({ ...(await exportJWK(publicKey)), kid: `k${n}`, alg: 'ES256' })),
  )
  let keys = named.slice(0, 1)
  const tokens = createTokens({
    issuer: 'https://id.example',
    audience: 'https://id.example/api',
    jwksUrl: 'https://id.example/jwks',
    clock,
    revocations,
    fetch: async () => new Response(JSON.stringify({ keys })),
  })
  const made = (n: number) =>
    new SignJWT({
      client_id: 'portal',
      sub: 'acc_1',
      iss: 'https://id.example',
      aud: 'https://id.example/api',
    })
      .setProtectedHeader({ alg: 'ES256', kid: `k${n}`, typ: 'at+jwt' })
      .setIssuedAt(clock.now())
      .setExpirationTime('10 years')
      .sign(pairs[n]?.privateKey ?? assert.fail())
  const forged = await made(0)
  const verify = (token: string) => (revocations.apply({ entries: [], latest: 0 }), tokens.verify(token))
  await verify(forged)
  keys = named.slice(1)
  t.mock.timers.tick(minutes(2) - 1)
  await verify(forged)
  await verify(await made(1))
  t.mock.timers.tick(minutes(3))
  await assert.rejects(verify(forged), { code: 'kernel.token.invalid' })
  await verify(await made(1))
})

test('a token of a trusted issuer is changed for one of ours, once for many that come with it; nobody else’s is asked about', async () => {
  const clock = createTestClock('2026-11-22T05:00:00Z')
  const revocations = createRevocations(clock)
  const trust = () => revocations.apply({ entries: [], latest: 0, issuers: ['https://old.example'] })
  trust()
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwksUrl = await jwksServer({ ...(await exportJWK(pair.publicKey)), kid: 'a', alg: 'ES256' })
  const own = (stamp: number) =>
    new SignJWT({ client_id: 'outside:old', sub: 'acc_1', stamp, sid: 'oid_1.0' })
      .setProtectedHeader({ alg: 'ES256', kid: 'a', typ: 'at+jwt' })
      .setIssuer('https://id.example')
      .setAudience('https://id.example/api')
      .setIssuedAt(clock.now())
      .setExpirationTime(new Date(clock.now().getTime() + 15 * 60_000))
      .sign(pair.privateKey)
  const asked: string[] = []
  let answer: () => Promise<{ token: string }> = async () => ({ token: await own(0) })
  const options = {
    issuer: 'https://id.example',
    audience: 'https://id.example/api',
    jwksUrl,
    clock,
    revocations,
  }
  const exchange = (presented: { token: string }) => (asked.push(presented.token), answer())
  const tokens = createTokens({ ...options, exchange })
  const theirs = (jti: string, iss = 'https://old.example') =>
    new UnsecuredJWT({ jti }).setIssuer(iss).setSubject('uid').encode()

  const many = await Promise.all(Array.from({ length: 20 }, () => tokens.verify(theirs('1'))))
  assert.deepEqual([many[0]?.subject, asked.length], ['acc_1', 1])
  await assert.rejects(createTokens(options).verify(theirs('1')), { code: 'kernel.token.invalid' })
  for (const strange of [
    theirs('2', 'https://evil.example'),
    theirs('3', 'https://id.example'),
    'e30.e30.e30',
  ])
    await assert.rejects(tokens.verify(strange), { code: 'kernel.token.invalid' })
  await assert.rejects(tokens.verify(theirs('x'.repeat(9000))), { code: 'kernel.token.invalid' })
  assert.equal(asked.length, 1, 'only what could be right is asked about')

  // A change of roles: the token that we hold is dead, and the one that came with it is worth another.
  revocations.apply({
    entries: [{ seq: 1, subject: 'acc_1', stamp: 5 }],
    latest: 1,
    issuers: ['https://old.example'],
  })
  answer = async () => ({ token: await own(5) })
  assert.equal((await tokens.verify(theirs('1'))).subject, 'acc_1')
  assert.equal(asked.length, 2)

  // Refused: said as what it is, and not asked again for a moment.
  answer = () => Promise.reject(new Fault('x.refused', 401, 'No.'))
  for (let n = 0; n < 3; n += 1)
    await assert.rejects(tokens.verify(theirs('4')), { code: 'kernel.token.invalid' })
  answer = () => Promise.reject(new Fault('x.unlinked', 403, 'Nobody.'))
  await assert.rejects(tokens.verify(theirs('5')), { code: 'x.unlinked', status: 403 })
  assert.equal(asked.length, 4)
  // Away: said so, and asked again by the next.
  answer = () => Promise.reject(new Error('socket'))
  for (let n = 0; n < 2; n += 1)
    await assert.rejects(tokens.verify(theirs('6')), { code: 'kernel.token.unavailable' })
  assert.equal(asked.length, 6)
  clock.tick(seconds(6))
  trust()
  answer = async () => ({ token: await own(5) })
  assert.equal((await tokens.verify(theirs('4'))).subject, 'acc_1')
  revocations.apply({ entries: [], latest: 1 })
  await assert.rejects(tokens.verify(theirs('1')), { code: 'kernel.token.invalid' }, 'it is trusted no more')
})

test('a feed whose numbers go back is read from its beginning', () => {
  const revocations = createRevocations(createTestClock())
  revocations.apply({ entries: [], latest: 500 })
  revocations.apply({ entries: [], latest: 400 })
  assert.equal(revocations.latest(), 0)
  revocations.apply({ entries: [{ seq: 401, session: 's1' }], latest: 401 })
  assert.throws(() => revocations.check({ sub: 'a', stamp: 0, sid: 's1' }), { code: 'kernel.token.revoked' })
  assert.equal(revocations.latest(), 401)
})

test('a limit counts before it lets in, over two nodes, exactly', async () => {
  const { database } = await testDatabase({ migrations: [http] })
  const refused: string[] = []
  const nodes = [1, 2].map(() =>
    createLimits({
      counters: countersInPostgres(database),
      names: ['sign-in', 'register'],
      key: new Uint8Array(32),
      onRefused: (name) => refused.push(name),
    }),
  )
  const rule = { most: 10, withinSeconds: 60 }
  const { won, lost } = await race(
    64,
    async (runner, ready) => (await ready(), nodes[runner % 2]?.spend('sign-in', 'acc_1', rule)),
  )
  assert.deepEqual([won.length, lost.length, refused.length], [10, 54, 54])
  assert.ok(
    lost.every(
      (error) =>
        (error as { code: string; retryAfterSeconds: number }).code === 'kernel.limits.too_many' &&
        (error as { retryAfterSeconds: number }).retryAfterSeconds > 0,
    ),
  )
  await nodes[0]?.spend('sign-in', 'acc_2', rule)
  await nodes[0]?.spend('register', 'acc_1', rule)
  const shown = (await nodes[1]?.show({})) ?? []
  assert.deepEqual(
    shown.map(({ name, counters, highest }) => [name, counters, highest]),
    [
      ['sign-in', 2, 64],
      ['register', 1, 1],
    ],
  )
  assert.ok(shown.every(({ resetSeconds }) => resetSeconds > 0 && resetSeconds <= 60))
  assert.deepEqual(
    (await nodes[1]?.show({ who: ['acc_2', 'acc_9'] }))?.map(({ name, highest }) => [name, highest]),
    [['sign-in', 1]],
  )
  assert.deepEqual(await nodes[1]?.show({ who: ['acc_3'] }), [])
  await assert.rejects(async () => nodes[0]?.spend('sing-in', 'acc_1', rule), /sing-in is declared nowhere/)
  assert.equal(await nodes[1]?.reset('sign-in'), 2)
  await nodes[0]?.spend('sign-in', 'acc_1', rule)
  const rows = await database.query<{ key: string }>('select key from limit_counter')
  assert.ok(rows.every(({ key }) => !key.includes('acc_')))
})

test('a peer that is away is an outage with its own word; its refusals stay what they are', async () => {
  const clock = createTestClock()
  const answers = [
    () => new Response('{"code":"members.x.no","title":"No.","status":409}', { status: 409 }),
    () => new Response('<html>', { status: 500 }),
    () => new Response('{"a":"not a number"}'),
    () => new Response('{"a":1}'),
  ]
  const seen: Headers[] = []
  const fetcher: typeof fetch = async (_url, init) => (
    seen.push(new Headers(init?.headers)),
    answers.shift()?.() ?? Promise.reject(new Error('refused'))
  )
  const peers = createPeers({
    table: { members: { url: 'http://members', key: 'x'.repeat(43) } },
    signer: createSigner({ service: 'events', key: signingKey(seed), clock, chance: systemChance }),
    breakers: createBreakers(clock),
    fetch: fetcher,
  })
  const call = { method: 'POST' as const, path: '/internal/x', body: {}, reply: z.object({ a: z.number() }) }
  const peer = peers.peer('members')
  await assert.rejects(peer.call(call), { code: 'members.x.no', status: 409 })
  await assert.rejects(peer.call(call), { code: 'kernel.peer.unavailable', status: 503 })
  await assert.rejects(peer.call(call), { code: 'kernel.peer.confused' })
  assert.deepEqual(await peer.call(call), { a: 1 })
  await assert.rejects(peers.peer('nobody').call(call), { code: 'kernel.peer.unknown' })
  assert.ok(seen.every((headers) => headers.get('signature-input')?.includes('keyid="events"')))
})

test('a revocation is remembered for as long as a token could live, and then forgotten', () => {
  const clock = createTestClock('2026-11-22T05:00:00Z')
  const revocations = createRevocations(clock)
  revocations.apply({
    entries: [
      { seq: 1, session: 's1' },
      { seq: 2, subject: 'acc_1', stamp: 2 },
    ],
    latest: 2,
  })
  const isRefused = (claims: { sub: string; stamp: number; sid?: string }) => {
    try {
      revocations.check(claims)
      return false
    } catch {
      return true
    }
  }
  const seen = () => [isRefused({ sub: 'acc_2', stamp: 0, sid: 's1' }), isRefused({ sub: 'acc_1', stamp: 1 })]
  clock.tick(19 * 60_000)
  revocations.apply({ entries: [], latest: 2 })
  assert.deepEqual(seen(), [true, true])
  clock.tick(2 * 60_000)
  revocations.apply({ entries: [], latest: 2 })
  assert.deepEqual(seen(), [false, false])
  assert.equal(revocations.latest(), 2)
})

test('the value of a cookie may hold an equals sign', () => {
  assert.deepEqual(parseCookies('a=b=c; d=; e; f=%3D==', false), { a: 'b=c', d: '', f: '===' })
})

test('over https a cookie is of this host alone: the plain name, and a weaker one, are never read', () => {
  const planted = 'session=planted; __Secure-session=planted; __host-session=planted; __Host-session=ours'
  assert.deepEqual(parseCookies(planted, true), { session: 'ours' })
  assert.deepEqual(parseCookies('session=planted', true), {})
  assert.equal(
    serializeCookie({ name: 'step', value: 'x', path: '/sign-in', maxAgeSeconds: 60 }, true),
    '__Host-step=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure',
  )
})

test('without encryption a cookie has its plain name and its path: a browser would not take the other', () => {
  assert.equal(
    serializeCookie({ name: 'step', value: 'x', path: '/sign-in' }, false),
    'step=x; Path=/sign-in; HttpOnly; SameSite=Lax',
  )
})
