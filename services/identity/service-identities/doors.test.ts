/** Keys as they are shown at our own doors: what opens, and what must not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { Registry } from '@althing/kernel/telemetry'
import { createTestClock, days, hours, race } from '@althing/kernel/testing'
import { decodeJwt } from 'jose'
import { counted } from '../../../tests/support/counted.ts'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { atDoor, keyIdOf, programsOf } from '../../../tests/support/service-identities.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'

const clock = createTestClock(new Date().toISOString())
const service = await testIdentity({ jwksFromSelf: true, clock })
const programs = programsOf(service)
const statusOf = async (answer: Promise<Response>) => (await answer).status
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code

/** Time passes; feed and policies are heard of again. */
function tick(ms: number) {
  clock.tick(ms)
  service.kit.revocations.apply({ entries: [], latest: service.kit.revocations.latest() })
  service.kit.authz.confirm()
}

test('a key opens what its scopes say and nothing else, and is shown once', async () => {
  const { id, key } = await programs.program({ scopes: ['settings.read', 'people.read'] })
  assert.equal(await statusOf(atDoor(service, key)), 200)
  assert.equal(await statusOf(atDoor(service, key, { path: '/api/identity/users' })), 200)
  for (const path of [
    '/api/identity/alerts',
    '/api/identity/clients',
    '/api/identity/login-events',
    // What stands in it is signed in by, and written to, as well: other scopes than seeing who there is.
    `/api/identity/users/${await addAccount(service, { email: 'told@example.org' })}/timeline`,
    '/api/identity/me',
    `/api/identity/service-identities/${id}`,
    '/account/profile',
    '/internal/revocations',
  ])
    assert.equal(await statusOf(atDoor(service, key, { path })), 403, path)
  const made = await fetch(`${service.origin}/api/identity/service-identities`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'service', name: 'Another', purpose: 'To have more', owner: null }),
  })
  assert.equal(made.status, 403, 'no program makes another')
  const rows = await service.kit.database.query('select * from api_key where identity = $1', [id])
  assert.ok(!JSON.stringify(rows).includes(key.split('.')[1] ?? key), 'no secret lies in the table')
  assert.ok(!JSON.stringify(await programs.identities.show(id)).includes(key.slice(30)))
})

test('what it is changed for is short, a program’s, and says who may end it', async () => {
  const owner = await addAccount(service, { email: 'owner@example.org' })
  const { id, key } = await programs.program({ networks: ['127.0.0.0/8', '::1'] }, { owner })
  const answer = await service.asService('members', 'POST', '/internal/api-keys', {
    token: key,
    network: '203.0.113.9',
    agent: 'Test',
  })
  const claims = decodeJwt(((await answer.json()) as { token: string }).token)
  assert.deepEqual(
    [claims.sub, claims['kind'], claims['client_id'], claims['scope'], claims['sid'], claims['roles']],
    [id, 'machine', id, 'settings.read', `key_${keyIdOf(key)}`, undefined],
  )
  assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 300)
  assert.deepEqual(claims['owner'], { sub: owner, stamp: 0 })
  assert.deepEqual(claims['bounds'], { networks: ['127.0.0.0/8', '::1'] })
  const beside = await service.asService('elections', 'POST', '/internal/api-keys', {
    token: key,
    network: '',
    agent: '',
  })
  assert.equal(beside.status, 403, 'beside the ballots nobody asks')
  const stranger = await fetch(`${service.origin}/internal/api-keys`, { method: 'POST', body: '{}' })
  assert.equal(stranger.status, 401)
})

test('a key that is cut, altered, made up, or another’s with an own secret opens nothing and says no more', async () => {
  const [one, two] = [await programs.program(), await programs.program()]
  const before = await counted(service)
  const mixed = `${one.key.split('.')[0]}.${two.key.split('.')[1]}`
  for (const wrong of [one.key.slice(0, -1), `${one.key}0`, mixed, one.key.toUpperCase(), 'althing_'])
    assert.deepEqual(
      await answered(wrong),
      [401, 'kernel.token.invalid'],
      'refused by its form: nobody is asked',
    )
  const after = await counted(service)
  const name = 'id_api_key_uses_total{outcome="refused"}'
  assert.equal(after[name] ?? 0, before[name] ?? 0)

  // With the right checksum, so that somebody has to look.
  const sealed = (text: string) => {
    let [rest, sum] = [crc32(text), '']
    for (let n = 0; n < 6; n += 1) {
      sum = `${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[rest % 62]}${sum}`
      rest = Math.floor(rest / 62)
    }
    return `${text}${sum}`
  }
  const bare = (key: string) => key.slice(0, -6)
  assert.equal(sealed(bare(one.key)), one.key)
  for (const wrong of [
    sealed(`${bare(one.key).split('.')[0]}.${bare(two.key).split('.')[1]}`),
    sealed(`althing_${'0'.repeat(16)}.${'0'.repeat(43)}`),
    sealed(`${bare(one.key).slice(0, -1)}${bare(one.key).endsWith('0') ? '1' : '0'}`),
  ])
    assert.deepEqual(await answered(wrong), [401, 'kernel.token.invalid'])
  assert.equal((await counted(service))[name], (before[name] ?? 0) + 3)
  assert.equal(await statusOf(atDoor(service, one.key)), 200)
})

async function answered(key: string): Promise<readonly [number, string]> {
  const answer = await atDoor(service, key)
  return [answer.status, await codeOf(answer)]
}

test('a network and hours bind a key at each request, also where it was let in a moment ago', async () => {
  const { key } = await programs.program({ networks: ['203.0.113.0/24', '2001:db8::/32'] })
  assert.equal(await statusOf(atDoor(service, key, { from: '203.0.113.7' })), 200)
  assert.equal(await statusOf(atDoor(service, key, { from: '2001:db8:1::9' })), 200)
  for (const from of ['203.0.112.7', '2001:db9::1', ''])
    assert.equal(await codeOf(await atDoor(service, key, { from })), 'kernel.token.elsewhere', from)
  assert.equal(await statusOf(atDoor(service, key, { from: '203.0.113.7' })), 200)

  const hour = clock.now().getUTCHours()
  const day = await programs.program({ hours: [hour, (hour + 2) % 24] })
  assert.equal(await statusOf(atDoor(service, day.key)), 200)
  tick(hours(2))
  assert.equal(await codeOf(await atDoor(service, day.key)), 'kernel.token.off_hours')
  tick(hours(22))
  assert.equal(await statusOf(atDoor(service, day.key)), 200)
})

test('what is revoked, disabled, deleted or over opens nothing from the next request on', async () => {
  const revoked = await programs.program()
  const other = await programs.anotherKey(revoked.id)
  const disabled = await programs.program()
  const deleted = await programs.program()
  const over = await programs.program({ days: 1 })
  for (const { key } of [revoked, { key: other }, disabled, deleted, over])
    assert.equal(await statusOf(atDoor(service, key)), 200)
  await programs.revoke(revoked.id, revoked.key)
  await programs.setDisabled(disabled.id, true)
  await programs.remove(deleted.id)
  await refused(revoked.key, disabled.key, deleted.key)
  assert.equal(await statusOf(atDoor(service, other)), 200, 'the other key of the same one stays')
  await assert.rejects(programs.revoke(revoked.id, revoked.key), {
    code: 'identity.service-identities.no_key',
  })
  await assert.rejects(programs.anotherKey(disabled.id), { code: 'identity.service-identities.disabled' })
  await programs.setDisabled(disabled.id, false)
  tick(6000)
  assert.equal(await statusOf(atDoor(service, disabled.key)), 200)
  tick(days(1))
  await refused(over.key)
})

/** The feed is as quick as a notification of the database. */
async function refused(...keys: readonly string[]): Promise<void> {
  const late = Date.now() + 5_000
  for (const key of keys) {
    while ((await statusOf(atDoor(service, key))) !== 401) assert.ok(Date.now() < late, 'it goes on opening')
    assert.equal(await statusOf(atDoor(service, key)), 401)
  }
}

test('a program of somebody who is shut out, or forgotten, opens nothing, and goes on when they are let in again', async () => {
  const owner = await addAccount(service, { email: 'shut@example.org' })
  const { id, key } = await programs.program({}, { owner: 'shut@example.org' })
  assert.equal((await programs.identities.show(id)).owner, owner)
  assert.equal(await statusOf(atDoor(service, key)), 200)
  const { accounts } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  await accounts.setStatus(owner, 'suspended', 'operator:test')
  await refused(key)
  await service.kit.database.query(`update account set status = 'active' where id = $1`, [owner])
  tick(6000)
  assert.equal(await statusOf(atDoor(service, key)), 200)
  await service.kit.database.query('update service_identity set owner = null where id = $1', [id])
  tick(days(1))
  await refused(key)
  await assert.rejects(programs.program({}, { owner: 'nobody@example.org' }), {
    code: 'identity.service-identities.no_owner',
  })
})

test('an assistant’s key opens no door by itself', async () => {
  const { key } = await programs.program({}, { kind: 'assistant' })
  assert.deepEqual(await answered(key), [403, 'identity.service-identities.not_at_doors'])
})

test('the last use is known to the hour', async () => {
  const { id, key } = await programs.program()
  const used = async () => (await programs.identities.show(id)).keys[0]?.usedAt?.getTime()
  assert.equal(await used(), undefined)
  await atDoor(service, key)
  const first = await used()
  assert.equal(first, clock.now().getTime())
  tick(hours(1) - 1)
  await atDoor(service, key)
  assert.equal(await used(), first)
  tick(hours(1))
  await atDoor(service, key)
  assert.equal(await used(), clock.now().getTime())
})

test('two keys overlap until the day that is said; each has one successor, whoever asks, on two nodes', async () => {
  const two = programsOf(
    await testIdentity({ like: service, origin: service.origin, jwksFromSelf: true, clock }),
  )
  const { id, key } = await programs.program({ days: 40, networks: ['127.0.0.1', '::1'] })
  await assert.rejects(programs.rotate(id, key, new Date(clock.now().getTime() + days(31))), {
    code: 'identity.service-identities.key_words',
  })
  await assert.rejects(programs.rotate(id, key, clock.now()), {
    code: 'identity.service-identities.key_words',
  })
  const { won, lost } = await race(16, async (runner, ready) => {
    await ready()
    return [programs, two][runner % 2]?.rotate(id, key, new Date(clock.now().getTime() + days(2)))
  })
  assert.deepEqual([won.length, lost.length], [1, 15])
  for (const error of lost)
    assert.equal((error as { code?: string }).code, 'identity.service-identities.rotated')
  const next = won[0] ?? ''
  const { keys } = await programs.identities.show(id)
  assert.equal(keys.length, 2)
  const [fresh, old] = [
    keys.find((one) => one.id === keyIdOf(next)),
    keys.find((one) => one.id === keyIdOf(key)),
  ]
  assert.deepEqual([fresh?.networks, fresh?.scopes], [old?.networks, old?.scopes])
  assert.equal((fresh?.endsAt.getTime() ?? 0) - clock.now().getTime(), days(40))
  assert.deepEqual([await statusOf(atDoor(service, key)), await statusOf(atDoor(service, next))], [200, 200])
  tick(days(2))
  await refused(key)
  assert.equal(await statusOf(atDoor(service, next)), 200)
})

test('uses beside a revoke on another node: each was before it or is refused, and afterwards all are', async () => {
  const node = await testIdentity({ like: service, origin: service.origin, jwksFromSelf: true, clock })
  const other = programsOf(node)
  const { id, key } = await programs.program()
  const given: string[] = []
  await race(24, async (runner, ready) => {
    await ready()
    if (runner === 12) return void (await other.revoke(id, key))
    const answer = await service.asService('members', 'POST', '/internal/api-keys', {
      token: key,
      network: '',
      agent: '',
    })
    if (answer.ok) given.push(((await answer.json()) as { token: string }).token)
    else assert.equal(answer.status, 401)
    return undefined
  })
  await refused(key, ...given)
})

test('what is wished of a key is refused by its field: too long, too wide, of nobody, from nowhere', async () => {
  const { id } = await programs.program({}, { kind: 'assistant' })
  for (const [wished, field] of [
    [{ days: 31 }, '/days'],
    [{ scopes: [] }, '/scopes'],
    [{ resources: { 'https://nobody.example/': 'read' } }, '/resources'],
  ] as const)
    await assert.rejects(
      programs.anotherKey(id, wished as never),
      (error: { fields?: { pointer: string }[] }) =>
        Boolean(error.fields?.some(({ pointer }) => pointer === field)),
    )
  for (let n = 0; n < 4; n += 1) await programs.anotherKey(id)
  await assert.rejects(programs.anotherKey(id), { code: 'identity.service-identities.too_many_keys' })
})
