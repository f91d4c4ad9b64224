import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sealBox, utf8 } from '@althing/kernel/crypto'
import { Registry } from '@althing/kernel/telemetry'
import {
  createTestClock,
  days,
  hours,
  type KeyStandIn,
  minutes,
  until,
  vaultStandIn,
  vaultStandInToken,
} from '@althing/kernel/testing'
import { createLocalJWKSet, compactVerify, decodeProtectedHeader } from 'jose'
import {
  addAccount,
  codeFlow,
  createBrowser,
  testIdentity,
  type TestIdentity,
} from '../../../tests/support/identity.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { counted } from '../../../tests/support/counted.ts'
import { takenUp } from '../../../tests/support/protocol.ts'
import { createMetrics } from '../metrics.ts'
import { signJws } from '../oidc/signer.ts'
import { makeKey } from './make.ts'
import { algorithms } from './schema.ts'

const keysOf = (service: TestIdentity) =>
  service.kit.database.query<{ kid: string; alg: string; state: string }>(
    'select kid, alg, state from signing_key order by alg collate "C", state',
  )
const published = async ({ origin }: TestIdentity) =>
  ((await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }).keys.map(
    ({ kid }) => kid,
  )

test('two nodes that start at once sign with the same keys, and a restart changes nothing', async () => {
  const one = await testIdentity()
  const two = await testIdentity({ like: one, origin: one.origin })
  assert.deepEqual(
    (await keysOf(one)).map(({ alg, state }) => [alg, state]),
    [
      ['ES256', 'active'],
      ['EdDSA', 'active'],
      ['PS256', 'active'],
      ['RS256', 'active'],
    ],
  )
  assert.deepEqual(await published(one), await published(two))
  const dump = JSON.stringify(await one.kit.database.query('select * from signing_key'))
  assert.equal(dump.includes('"d"'), false)
})

test('a rotation is on every node within a moment, and what the old key signed is still good', async () => {
  const one = await testIdentity({ jwksFromSelf: true })
  const two = await testIdentity({ like: one, origin: one.origin })
  await addAccount(one)
  const before = await codeFlow(one, createBrowser(one.origin))
  const { keys } = compose(one.kit as unknown as IdentityKit, createMetrics(new Registry()))
  await assert.rejects(keys.rotate('ES256', 'operator:test', false), { code: 'identity.keys.no_next' })
  await one.kit.database.query(
    `update signing_key set since = since - interval '2 hours' where state = 'next'`,
  )
  const kid = await takenUp([one, two], () => keys.rotate('ES256', 'operator:test', false))
  const [first, second] = [await published(one), await published(two)]
  assert.deepEqual([first.includes(kid), first.length], [true, 5])
  assert.deepEqual(first, second)
  const after = await codeFlow(one, createBrowser(one.origin))
  assert.equal(decodeProtectedHeader(after.tokens.access_token).kid, kid)
  assert.notEqual(decodeProtectedHeader(before.tokens.access_token).kid, kid)
  for (const { tokens } of [before, after]) {
    const answer = await fetch(`${one.origin}/api/identity/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    assert.equal(answer.status, 200)
  }
})

test('a key that leaked is on no list from the moment it is replaced, and signs nothing more', async () => {
  const one = await testIdentity()
  const two = await testIdentity({ like: one, origin: one.origin })
  const leaked = (await keysOf(one)).find(({ alg }) => alg === 'ES256')?.kid ?? assert.fail()
  const { keys } = compose(one.kit as unknown as IdentityKit, createMetrics(new Registry()))
  const kid = await takenUp([one, two], () => keys.rotate('ES256', 'operator:test', true))
  for (const node of [one, two]) {
    const list = await published(node)
    assert.deepEqual([list.includes(leaked), list.includes(kid), list.length], [false, true, 4])
  }
  assert.equal((await keysOf(one)).find((key) => key.kid === leaked)?.state, 'revoked')
})

test('keys sealed with another service key stop the start, and say why', async () => {
  const one = await testIdentity()
  const other = { ...one, seeds: { ...one.seeds, identity: Buffer.alloc(32, 1).toString('base64url') } }
  await assert.rejects(testIdentity({ like: other, origin: one.origin }), { code: 'identity.keys.sealed' })
})

test('each algorithm signs as its standard says, and a strict library verifies it by what is published', async () => {
  const one = await testIdentity()
  const signing = await partsOf(one).published.load()
  const jwks = createLocalJWKSet((await (await fetch(`${one.origin}/.well-known/jwks.json`)).json()) as never)
  for (const alg of algorithms) {
    const key = signing.find((each) => each.alg === alg) ?? assert.fail(alg)
    // Often, because an integer of ECDSA is one byte shorter now and then.
    for (let n = 0; n < 50; n += 1) {
      const header = Buffer.from(JSON.stringify({ alg, kid: key.kid })).toString('base64url')
      const data = `${header}.${Buffer.from(`told ${n}`).toString('base64url')}`
      const jws = `${data}.${signJws(Buffer.from(data), key).toString('base64url')}`
      assert.equal(Buffer.from((await compactVerify(jws, jwks)).payload).toString(), `told ${n}`)
    }
  }
  const discovery = (await (await fetch(`${one.origin}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >
  for (const alg of algorithms)
    assert.ok((discovery['id_token_signing_alg_values_supported'] as string[]).includes(alg), alg)
})

test('what is published has no private part, whatever state a key is in', async () => {
  const one = await testIdentity()
  const { keys, published } = partsOf(one)
  await keys.rotate('EdDSA', 'operator:test', true)
  for (const alg of algorithms) await keys.rotate(alg, 'operator:test', false).catch(() => {})
  await age(one, hours(3))
  await keys.rotate('RS256', 'operator:test', false)
  await published.load()
  const { keys: list } = JSON.parse(published.published().body) as { keys: Record<string, unknown>[] }
  assert.equal(list.length, 8)
  const open = ['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y']
  for (const jwk of list)
    assert.deepEqual(
      Object.keys(jwk).filter((name) => !open.includes(name)),
      [],
    )
  const rows = await one.kit.database.query(
    `select kid from signing_key where state = 'revoked' and (length(sealed) > 0 or data_key is not null)`,
  )
  assert.deepEqual(rows, [], 'of a revoked key nothing is left to steal')
})

test('the list is told once and then only when it has changed', async () => {
  const one = await testIdentity()
  const ask = (headers: Record<string, string> = {}) =>
    fetch(`${one.origin}/.well-known/jwks.json`, { headers })
  const first = await ask()
  const etag = first.headers.get('etag') ?? ''
  assert.match(etag, /^"[\w-]{22}"$/)
  assert.equal(first.headers.get('cache-control'), 'public, max-age=300, must-revalidate')
  assert.equal(first.headers.get('access-control-allow-origin'), '*')
  assert.match(first.headers.get('content-type') ?? '', /^application\/jwk-set\+json/)
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await ask({ 'if-none-match': known })
    assert.deepEqual([again.status, await again.text(), again.headers.get('etag')], [304, '', etag], known)
    assert.equal(again.headers.get('cache-control'), 'public, max-age=300, must-revalidate')
  }
  for (const other of ['"other"', etag.slice(0, -2), `${etag.slice(0, -1)}x"`, ''])
    assert.equal((await ask({ 'if-none-match': other })).status, 200, other)
  await takenUp(one, () => partsOf(one).keys.rotate('ES256', 'operator:test', true))
  assert.equal((await ask({ 'if-none-match': etag })).status, 200)
})

test('a key is revoked once, never unknown, and the one that signs only when it cannot wait', async () => {
  const one = await testIdentity()
  const { keys } = partsOf(one)
  const [active] = (await keysOf(one)).filter(({ alg }) => alg === 'PS256')
  const kid = active?.kid ?? ''
  await assert.rejects(keys.revoke('0000000000000000', 'operator:test', true), {
    code: 'identity.keys.not_found',
  })
  await assert.rejects(keys.revoke(kid, 'operator:test', false), { code: 'identity.keys.signs' })
  const after = await keys.revoke(kid, 'operator:test', true)
  assert.equal((await keysOf(one)).find((key) => key.kid === after)?.state, 'active')
  await assert.rejects(keys.revoke(kid, 'operator:test', true), { code: 'identity.keys.revoked' })
  await assert.rejects(keys.rotate('ES256', 'operator:test', false), { code: 'identity.keys.no_next' })
  const next = (await keysOf(one)).find(({ state }) => state === 'next')
  assert.equal(await keys.revoke(next?.kid ?? '', 'operator:test', false), null)
  // What is published is of a moment ago, in which the next one was not there yet and the first one was.
  await until(async () => {
    const there = await published(one)
    return !there.includes(next?.kid ?? '') && !there.includes(kid)
  })
  const audited = await one.kit.database.query(
    `select action from audit_entry where actor = 'operator:test' order by at, action`,
  )
  assert.deepEqual(
    audited.map(({ action }) => action),
    ['keys.announced', 'keys.replaced-and-revoked', 'keys.announced', 'keys.revoked'],
  )
})

test('keys change by themselves after ninety days, each published two hours before it signs; metrics tell who looks after it', async () => {
  const clock = createTestClock()
  clock.set(new Date())
  const one = await testIdentity({ clock })
  const { keys } = partsOf(one)
  const es256 = async () => (await keys.status()).find(({ alg }) => alg === 'ES256') ?? assert.fail()
  // The node tends its keys when it starts, and then for ten minutes not: the clock goes ahead after that.
  const tending = `select from pg_locks where locktype = 'advisory'
    and (classid::bigint << 32) + objid::bigint = hashtextextended('ticker identity.keys', 0)`
  await until(async () => (await one.kit.database.query(tending)).length > 0)
  const before = await es256()
  await keys.tend()
  assert.equal((await es256()).next, null)
  clock.tick(days(89) + hours(2))
  assert.equal((await es256()).isNextMissing, true)
  await one.kit.database.query(`select pg_notify('identity_keys', '')`)
  await until(async () => (await counted(one))['id_signing_key_next_missing{alg="ES256"}'] === 1)
  const missing = await counted(one)
  await keys.tend()
  const announced = await es256()
  assert.deepEqual([announced.active, announced.isNextMissing], [before.active, false])
  clock.tick(days(1) - hours(3))
  await keys.tend()
  assert.equal((await es256()).active, before.active)
  clock.tick(hours(1) + minutes(1))
  await keys.tend()
  assert.deepEqual([(await es256()).active, (await es256()).next], [announced.next, null])
  clock.tick(days(1) + minutes(1))
  await keys.tend()
  assert.equal(
    (await keysOf(one)).some(({ kid }) => kid === before.active),
    false,
  )
  assert.equal(missing['id_signing_key_next_missing{alg="ES256"}'], 1)
  assert.equal(missing['id_signing_key_age_seconds{alg="ES256"}'], (days(89) + hours(2)) / 1000)
})

test('an algorithm that is new to a house is published before it signs', async () => {
  const one = await testIdentity()
  await one.kit.database.query(`delete from signing_key where alg in ('EdDSA', 'PS256')`)
  const two = await testIdentity({ like: one, origin: one.origin })
  const { keys, published: load } = partsOf(two)
  assert.deepEqual(
    (await keysOf(one)).filter(({ state }) => state === 'next').map(({ alg }) => alg),
    ['EdDSA', 'PS256'],
  )
  assert.equal((await published(two)).length, 4)
  assert.deepEqual((await load.load()).map(({ alg }) => alg).toSorted(), ['ES256', 'RS256'])
  await keys.tend()
  await age(one, hours(2))
  await keys.tend()
  assert.deepEqual((await load.load()).map(({ alg }) => alg).toSorted(), ['ES256', 'EdDSA', 'PS256', 'RS256'])
})

test('keys move to a key service and back, one by one, and then open nowhere else', async () => {
  const one = await testIdentity()
  const vault = await vaultStandIn('althing')
  const moved = await testIdentity({ like: one, origin: one.origin, env: wrappedBy(vault) })
  const { keys } = partsOf(moved)
  const kids = await published(one)
  assert.equal(await keys.rewrap('operator:test'), 4)
  assert.equal(await keys.rewrap('operator:test'), 0)
  const wrapped = await one.kit.database.query('select distinct wrapped_by as by from signing_key')
  assert.deepEqual(wrapped, [{ by: 'vault:transit/althing' }])
  await assert.rejects(testIdentity({ like: one, origin: one.origin }), { code: 'identity.keys.sealed' })
  const again = await testIdentity({ like: one, origin: one.origin, env: wrappedBy(vault) })
  assert.deepEqual(await published(again), kids)
  const back = await testIdentity({ like: one, origin: one.origin, env: wrappedBy(vault, true) })
  assert.equal(await partsOf(back).keys.rewrap('operator:test'), 4)
  assert.deepEqual(await published(await testIdentity({ like: one, origin: one.origin })), kids)
})

test('keys from before data keys open, and are moved like any other', async () => {
  const one = await testIdentity()
  const { kid, public: jwk, privateKey } = await makeKey('ES256')
  const sealed = sealBox(one.kit.derivedKey('signing-keys'), privateKey, utf8(kid), one.kit.chance)
  await one.kit.database.query(
    `update signing_key set kid = $1, public = $2, sealed = $3, data_key = null, wrapped_by = null where alg = 'ES256'`,
    [kid, JSON.stringify(jwk), sealed],
  )
  const two = await testIdentity({ like: one, origin: one.origin })
  assert.ok((await published(two)).includes(kid))
  assert.equal(await partsOf(two).keys.rewrap('operator:test'), 1)
  const signing = await partsOf(two).published.load()
  assert.ok(signing.some((key) => key.kid === kid && key.privateKey !== null))
})

test('while the key service is away nobody starts, and says why; who runs goes on, rotates to the key in hand and comes back', async () => {
  const vault = await vaultStandIn('althing')
  const one = await testIdentity({ env: wrappedBy(vault), jwksFromSelf: true })
  await addAccount(one)
  const { keys } = partsOf(one)
  await assert.rejects(keys.rotate('ES256', 'operator:test', false), { code: 'identity.keys.no_next' })
  await pause(300)
  vault.behave('failing')
  await assert.rejects(testIdentity({ like: one, origin: one.origin, env: wrappedBy(vault) }), {
    code: 'identity.keys.unreachable',
  })
  await age(one, hours(2))
  const kid = await takenUp(one, () => keys.rotate('ES256', 'operator:test', false))
  const { tokens } = await codeFlow(one, createBrowser(one.origin))
  assert.equal(decodeProtectedHeader(tokens.access_token).kid, kid)
})

test('a key that a node cannot open is published there all the same; the one before goes on, and one that leaked never', async () => {
  const vault = await vaultStandIn('althing')
  const one = await testIdentity({ env: wrappedBy(vault) })
  const { keys, published: node } = partsOf(one)
  const es256 = async () => (await node.load()).filter(({ alg }) => alg === 'ES256')
  const [first] = await es256()
  // Made elsewhere, by who reaches the key service: here nobody has looked since.
  await keys.rotate('ES256', 'operator:test', false).catch(() => {})
  await age(one, hours(2))
  const second = await keys.rotate('ES256', 'operator:test', false)
  vault.behave('failing')
  const [signs, other] = await es256()
  assert.deepEqual(
    [signs?.kid, signs?.privateKey !== null, other?.kid, other?.privateKey],
    [first?.kid, true, second, null],
  )
  assert.equal(node.isWhole(), false)
  assert.ok(node.published().body.includes(second))
  await one.kit.database.query(`update signing_key set state = 'revoked' where kid = $1`, [first?.kid])
  assert.deepEqual(
    (await es256()).map(({ kid, privateKey }) => [kid, privateKey]),
    [[second, null]],
  )
  vault.behave('well')
  await until(async () => (await es256())[0]?.privateKey, 'the key service that is back')
  assert.equal(node.isWhole(), true)
})

function wrappedBy(vault: KeyStandIn, isLast = false): Record<string, string> {
  const one = { kind: 'vault', url: vault.url, key: 'althing', token: vaultStandInToken }
  return { ALTHING_IDENTITY_KEY_SERVICES: JSON.stringify(isLast ? [{ kind: 'service' }, one] : [one]) }
}

function partsOf(service: TestIdentity) {
  return compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
}

/** As if it had been published so long ago. */
const age = ({ kit }: TestIdentity, ms: number) =>
  kit.database.query(
    `update signing_key set since = since - make_interval(secs => $1) where state = 'next'`,
    [ms / 1000],
  )
