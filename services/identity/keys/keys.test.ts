import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@althing/kernel/telemetry'
import { setTimeout as pause } from 'node:timers/promises'
import { decodeProtectedHeader } from 'jose'
import {
  addAccount,
  codeFlow,
  createBrowser,
  testIdentity,
  type TestIdentity,
} from '../../../tests/support/identity.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'

const keysOf = (service: TestIdentity) =>
  service.kit.database.query<{ kid: string; alg: string; state: string }>(
    'select kid, alg, state from signing_key order by alg, state',
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
  const kid = await keys.rotate('ES256', 'operator:test', false)
  await pause(200)
  const [first, second] = [await published(one), await published(two)]
  assert.deepEqual([first.includes(kid), first.length], [true, 3])
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
  const kid = await keys.rotate('ES256', 'operator:test', true)
  await pause(200)
  for (const node of [one, two]) {
    const list = await published(node)
    assert.deepEqual([list.includes(leaked), list.includes(kid), list.length], [false, true, 2])
  }
  assert.equal((await keysOf(one)).find((key) => key.kid === leaked)?.state, 'revoked')
})

test('keys sealed with another service key stop the start, and say why', async () => {
  const one = await testIdentity()
  const other = { ...one, seeds: { ...one.seeds, identity: Buffer.alloc(32, 1).toString('base64url') } }
  await assert.rejects(testIdentity({ like: other, origin: one.origin }), { code: 'identity.keys.sealed' })
})
