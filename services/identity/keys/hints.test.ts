/** An ID token that is shown at sign-out may be older than its key. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@althing/kernel/telemetry'
import { until } from '@althing/kernel/testing'
import { decodeProtectedHeader } from 'jose'
import { addAccount, codeFlow, createBrowser, testIdentity } from '../../../tests/support/identity.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'

const service = await testIdentity({ jwksFromSelf: true })
await addAccount(service)
const { database } = service.kit
const { keys } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))

const isPublished = async (kid: string) =>
  (await (await fetch(`${service.origin}/.well-known/jwks.json`)).text()).includes(kid)

/** Somebody signs in; the key of their ID token is replaced, and is old. */
async function old() {
  const browser = createBrowser(service.origin)
  const { tokens } = await codeFlow(service, browser)
  const hint = tokens.id_token ?? assert.fail()
  const { alg = '', kid = '' } = decodeProtectedHeader(hint)
  await keys.rotate(alg as 'RS256', 'operator:test', false).catch(() => undefined)
  await database.query(`update signing_key set since = since - interval '2 hours' where state = 'next'`)
  await keys.rotate(alg as 'RS256', 'operator:test', false)
  await database.query(`update signing_key set since = since - interval '2 days' where state = 'retiring'`)
  await keys.tend()
  await until(async () => !(await isPublished(kid)))
  const end = (token = hint) =>
    browser.go(`/oauth/logout?${new URLSearchParams({ id_token_hint: token }).toString()}`)
  return { browser, tokens, hint, kid, end }
}

test('a key that is on no list any more still vouches for the hint of a session that it began, and opens nothing', async () => {
  const { browser, tokens, hint, kid, end } = await old()
  const rows = await database.query(
    "select kid, ends_at > now() + interval '29 days' as long from past_key where kid = $1",
    [kid],
  )
  assert.deepEqual(rows, [{ kid, long: true }])
  assert.deepEqual(
    await database.query('select kid from signing_key where kid = $1', [kid]),
    [],
    'its private part is gone',
  )
  const [head = '', body = '', signature = ''] = hint.split('.')
  assert.equal((await end(`${head}.${body}.${signature.split('').reverse().join('')}`)).status, 400)
  assert.equal((await browser.go('/account')).status, 200)
  const asked = await end()
  assert.equal(asked.status, 200)
  assert.match(await asked.text(), /id="sign-out"/, 'it is believed, and its person is asked')
  assert.ok(tokens.access_token)
})

test('where nobody knows the key any more the person is asked, and no hint is believed', async () => {
  const { browser, hint, kid, end } = await old()
  await database.query(`update past_key set ends_at = now() - interval '1 second' where kid = $1`, [kid])
  await keys.tend()
  assert.deepEqual(await database.query('select kid from past_key where kid = $1', [kid]), [])
  const { keys: again } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  await database.query(`select pg_notify('identity_keys', '')`)
  await until(async () => (await again.past()).every((key) => key.kid !== kid))
  const answer = await end()
  assert.equal(answer.status, 200)
  assert.match(await answer.text(), /id="sign-out"/)
  assert.equal((await browser.go('/account')).status, 200, 'and is in until they say so')
  const elsewhere = hint.split('.')
  elsewhere[1] = Buffer.from(JSON.stringify({ iss: 'https://evil.example', aud: 'portal' })).toString(
    'base64url',
  )
  assert.equal((await end(elsewhere.join('.'))).status, 400)
  assert.equal((await end('x.y.z')).status, 400)
  const silent = new URLSearchParams({
    client_id: 'portal',
    response_type: 'code',
    prompt: 'none',
    redirect_uri: `${service.origin}/session/callback`,
    scope: 'openid',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    id_token_hint: hint,
  })
  const refused = await browser.go(`/oauth/authorize?${silent.toString()}`)
  assert.match(refused.headers.get('location') ?? String(refused.status), /error=invalid_request|400/)
})

test('a key that leaked after its time is believed no more, and one that never was is not found', async () => {
  const { kid } = await old()
  assert.equal(await keys.revoke(kid, 'operator:test', false), null)
  assert.equal(
    (await keys.past()).some((key) => key.kid === kid),
    false,
  )
  await assert.rejects(keys.revoke(kid, 'operator:test', false), { code: 'identity.keys.not_found' })
})
