import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@althing/kernel/telemetry'
import { until } from '@althing/kernel/testing'
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose'
import { signIn, addAccount, createBrowser, testIdentity } from '../../../tests/support/identity.ts'
import { counted } from '../../../tests/support/counted.ts'
import { testService } from '../../../tests/support/service.ts'
import { audience, firebase, openIdIssuer, project } from '../../../tests/support/outside-issuer.ts'
import { members } from '../../members/service.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'
import { issuersOf } from './settings.ts'
import { told } from '../../../tests/support/told.ts'

const old = await firebase()
const other = await openIdIssuer()
const setting = {
  id: 'firebase',
  kind: 'firebase',
  name: 'The old app',
  project,
  kennitalaClaim: 'kennitala',
  keysUrl: old.keysUrl,
}
const oidc = { id: 'work', kind: 'oidc', name: 'Work', issuer: other.issuer, audiences: [audience] }
const service = await testIdentity({
  jwksFromSelf: true,
  env: { ALTHING_IDENTITY_TOKEN_ISSUERS: JSON.stringify([setting, oidc]) },
})
/** Every door follows the feed; this one is told at once, so that no test waits for it. */
service.kit.revocations.apply({ entries: [], latest: 0, issuers: [old.issuer, other.issuer] })

let last = 1_000_000_000
const { accounts, outside } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
const kennitalaOf = () => String((last += 1))
const me = (token: string) =>
  fetch(`${service.origin}/api/identity/me`, { headers: { authorization: `Bearer ${token}` } })
const exchange = (token: string, by = 'members') =>
  service.asService(by, 'POST', '/internal/outside-tokens', { token, network: '203.0.113.9', agent: 'Test' })
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code
const hello = () => Math.floor(Date.now() / 1000)

/** Somebody with a kennitala and a token of the old application that says it. */
async function somebody(more: Parameters<typeof addAccount>[1] = {}, claims: Record<string, unknown> = {}) {
  const nationalId = kennitalaOf()
  const account = await addAccount(service, { email: `${nationalId}@example.org`, nationalId, ...more })
  const subject = `uid-${nationalId}`
  const token = () => old.token(subject, { kennitala: nationalId, ...claims })
  return { account, nationalId, subject, token }
}

test('whoever the old application has signed in is known by the kennitala it says, and looks at what is their own', async () => {
  const { account, token } = await somebody(
    { roles: ['administrator', 'member'] },
    { auth_time: hello() - 100 },
  )
  const answer = await me(await token())
  assert.equal(answer.status, 200)
  assert.equal(((await answer.json()) as { id: string }).id, account)

  const own = decodeJwt(((await (await exchange(await token())).json()) as { token: string }).token)
  assert.deepEqual(
    [own['roles'], own['acr'], own['amr'], own['auth_time'], own['client_id']],
    [['member'], 'urn:althing:acr:outside', ['outside'], undefined, 'outside:firebase'],
  )
  assert.ok((own.exp ?? 0) - (own.iat ?? 0) <= 900)
  const [row] = await service.kit.database.query(
    `select linked_by, (select count(*)::int from audit_entry where action = 'outside-tokens.linked' and target_id = $1) as lines,
            (select count(*)::int from audit_entry where action = 'sign-in.outside' and target_id = $1) as ins
       from outside_identity where account = $1`,
    [account],
  )
  assert.deepEqual(row, { linked_by: 'claim', lines: 1, ins: 1 })
})

test('it may do nothing that changes anything, fetches a ticket or is of an office', async () => {
  const { account, token } = await somebody({ roles: ['superadmin', 'member'] })
  const bearer = { authorization: `Bearer ${await token()}` }
  assert.equal((await fetch(`${service.origin}/api/identity/me`, { headers: bearer })).status, 200)
  for (const path of ['/api/identity/users', '/api/identity/login-events', `/api/identity/users/${account}`])
    assert.equal((await fetch(`${service.origin}${path}`, { headers: bearer })).status, 403, path)
  const page = createBrowser(service.origin)
  const shown = await page.go('/account', { headers: bearer })
  assert.equal(shown.status, 200, 'looking is allowed')
  const csrf = /name="csrf" value="([^"]+)"/.exec(await shown.text())?.[1] ?? ''
  const changed = await page.go('/account/profile', {
    method: 'POST',
    body: new URLSearchParams({ csrf, name: 'Eva', phone: '', locale: 'is' }),
    headers: { ...bearer, origin: service.origin },
  })
  assert.notEqual(csrf, '')
  assert.equal(changed.status, 403, 'not even one’s own name')
  const claims = decodeJwt(((await (await exchange(await token())).json()) as { token: string }).token)
  const caller = { kind: 'person' as const, subject: account, roles: ['member'], acr: String(claims['acr']) }
  for (const action of ['tickets.issue', 'account.manage-own', 'users.read', 'elections.open'])
    assert.equal(
      service.kit.authz.decide({ caller, action, resource: { type: 'Person', id: account } }).decision,
      false,
      action,
    )
})

test('a token that is not right is nobody’s: another project, issuer, tenant, time, type, way or key', async () => {
  const { subject, nationalId, token } = await somebody()
  const make = (claims: Record<string, unknown>, header = {}) =>
    old.token(subject, { kennitala: nationalId, ...claims }, header)
  const now = hello()
  const cases: [what: string, token: string][] = [
    ['a subject that cannot be kept', await make({ sub: 'uid\0' })],
    ['half a character as its subject', await make({ sub: 'uid\ud800' })],
    ['expired', await make({ exp: now - 60 })],
    ['without an end', await make({ exp: undefined })],
    ['without a beginning', await make({ iat: undefined })],
    ['made in the future', await make({ iat: now + 300 })],
    ['signed in in the future', await make({ auth_time: now + 300 })],
    ['without a sign-in', await make({ auth_time: undefined })],
    ['not yet valid', await make({ nbf: now + 300 })],
    ['for longer than a day', await make({ exp: now + 90_000 })],
    ['for another project', await make({ aud: 'another-project' })],
    ['for a project that begins like ours', await make({ aud: `${project}-2` })],
    ['without an audience', await make({ aud: undefined })],
    ['of another project', await make({ iss: 'https://securetoken.google.com/another-project' })],
    ['of an issuer with a slash', await make({ iss: `${old.issuer}/` })],
    ['of nobody', await old.token('', { kennitala: nationalId })],
    ['of a subject that is too long', await old.token('x'.repeat(129), { kennitala: nationalId })],
    ['of somebody anonymous', await make({ firebase: { sign_in_provider: 'anonymous' } })],
    ['without a word of Firebase', await make({ firebase: undefined })],
    ['of another tenant', await make({ firebase: { sign_in_provider: 'custom', tenant: 'other' } })],
    ['of another type', await make({}, { typ: 'logout+jwt' })],
    ['signed by the right key in another way', await make({}, { alg: 'PS256' })],
    ['signed by another key', await old.forged(subject)],
    ['of another kennitala format', 'e30.e30.'],
    ['altered', `${(await token()).slice(0, -4)}AAAA`],
    ['too large', await make({ padding: 'x'.repeat(9_000) })],
  ]
  for (const [what, one] of cases) {
    const answer = await me(one)
    assert.deepEqual([answer.status, await codeOf(answer)], [401, 'kernel.token.invalid'], what)
  }
  assert.equal((await me(await token())).status, 200)
})

test('the public key is no shared secret, and a token that nobody signed is nobody’s', async () => {
  const { subject, nationalId } = await somebody()
  const claims = {
    iss: old.issuer,
    aud: project,
    kennitala: nationalId,
    auth_time: hello(),
    firebase: { sign_in_provider: 'custom' },
  }
  const made = (alg: string, key: Uint8Array) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg, typ: 'JWT', kid: 'k1' })
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(key)
  const confused = await made('HS256', new TextEncoder().encode(old.publicKey))
  const unsigned = new UnsecuredJWT(claims).setSubject(subject).setIssuedAt().setExpirationTime('1h').encode()
  for (const token of [confused, unsigned]) assert.equal((await exchange(token)).status, 401)
})

test('an address is no proof, and whoever is not linked is nobody', async () => {
  await addAccount(service, { email: 'known@example.org' })
  const token = await old.token('uid-stranger', { email: 'known@example.org', email_verified: true })
  const answer = await me(token)
  assert.deepEqual([answer.status, await codeOf(answer)], [403, 'identity.outside-tokens.unlinked'])
  const unknown = await old.token('uid-unknown', { kennitala: '9999999999' })
  assert.equal((await exchange(unknown)).status, 403)
  assert.equal((await exchange(await other.token('somebody', { kennitala: '1' }))).status, 403)
})

test('a kennitala that is another’s, a second subject for one account, and an account that is not open are refused', async () => {
  const [ada, bea] = [await somebody(), await somebody()]
  assert.equal((await exchange(await ada.token())).status, 200)
  assert.equal((await exchange(await bea.token())).status, 200)
  const swapped = await old.token(ada.subject, { kennitala: bea.nationalId })
  assert.equal((await exchange(swapped)).status, 401)
  const second = await old.token('uid-second', { kennitala: ada.nationalId })
  assert.equal((await exchange(second)).status, 403)
  for (const status of ['pending', 'suspended', 'banned']) {
    const { token } = await somebody({ status })
    const answer = await exchange(await token())
    assert.deepEqual([answer.status, await codeOf(answer)], [403, 'identity.outside-tokens.closed'], status)
  }
})

test('it is no way to sign in: no session is begun, and nothing takes it for an electronic ID', async () => {
  const { account, token } = await somebody({ withPassword: false })
  await me(await token())
  const [row] = await service.kit.database.query(
    `select (select count(*)::int from session where account = $1) as sessions,
            (select count(*)::int from external_identity where account = $1) as ways`,
    [account],
  )
  assert.deepEqual(row, { sessions: 0, ways: 0 })
})

test('a ban bites on the next request; opened again, its person signs in there anew', async () => {
  const { account, token, subject, nationalId } = await somebody()
  const bearer = await token()
  assert.equal((await me(bearer)).status, 200)
  await accounts.setStatus(account, 'banned', 'operator:test')
  assert.equal((await waitFor(() => me(bearer), 403)).status, 403)
  await accounts.setStatus(account, 'active', 'operator:test')
  const before = await exchange(bearer)
  assert.deepEqual([before.status, await codeOf(before)], [401, 'identity.outside-tokens.ended'])
  const again = await old.token(subject, { kennitala: nationalId, auth_time: hello() + 2 })
  assert.equal((await exchange(again)).status, 200)
})

test('signing out everywhere ends what was signed in elsewhere; a change of roles does not', async () => {
  const { account, token } = await somebody()
  const bearer = await token()
  assert.equal((await me(bearer)).status, 200)
  await accounts.setOffice(account, ['developer'], 'operator:test')
  await new Promise((resolve) => setTimeout(resolve, 700))
  assert.equal((await me(bearer)).status, 200, 'changed for one with the new roles')
  await accounts.signOutEverywhere(account, 'operator:test')
  assert.equal((await waitFor(() => me(bearer), 401)).status, 401)
})

test('another OpenID issuer is found by its discovery; the office says whose its subjects are', async () => {
  const account = await addAccount(service, { email: 'work@example.org' })
  const token = (claims: Record<string, unknown> = {}, header = {}) => other.token('w-1', claims, header)
  assert.equal((await exchange(await token())).status, 403)
  const by = { actor: 'operator:test', session: null }
  await assert.rejects(outside.link(account, 'https://elsewhere.example', 'w-1', by), {
    code: 'identity.outside-tokens.unknown_issuer',
  })
  await outside.link(account, other.issuer, 'w-1', by)
  await assert.rejects(outside.link(account, other.issuer, 'w-2', by), {
    code: 'identity.outside-tokens.taken',
  })
  assert.equal((await exchange(await token())).status, 200)
  assert.equal((await exchange(await token({ azp: audience }))).status, 200)
  assert.equal((await exchange(await token({}, { typ: undefined }))).status, 200)
  for (const [what, one] of [
    ['given to another party', await token({ azp: 'another', aud: [audience, 'another'] })],
    ['for another audience', await token({ aud: 'another' })],
    ['signed in another way', await token({}, { alg: 'PS256' })],
  ] as const)
    assert.equal((await exchange(one)).status, 401, what)
})

test('what its owner has linked as a way to sign in counts for as long as it is one', async () => {
  const account = await addAccount(service, { email: 'owner@example.org' })
  const add = `insert into external_identity (issuer, subject, account) values ($1, 'o-1', $2)`
  await service.kit.database.query(add, [other.issuer, account])
  const token = await other.token('o-1')
  assert.equal((await exchange(token)).status, 200)
  await service.kit.database.query(`delete from external_identity where account = $1`, [account])
  assert.equal((await exchange(token)).status, 403)
})

test('taken away by its person it is refused at once; no claim brings it back, and the office can', async () => {
  const { account, token, nationalId, subject } = await somebody()
  const bearer = await token()
  assert.equal((await me(bearer)).status, 200)
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: `${nationalId}@example.org` })
  const page = await (await browser.go('/account/linked')).text()
  assert.match(page, /Applications that sign you in elsewhere[^]*The old app/)
  const form = /<form[^>]*action="\/account\/linked\/outside"[^]*?<\/form>/.exec(page)?.[0] ?? ''
  const fields = [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ])
  const remove = (more: Record<string, string> = {}) =>
    browser.go('/account/linked/outside', {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams({ ...(Object.fromEntries(fields) as Record<string, string>), ...more }),
    })
  const stranger = await somebody()
  await exchange(await stranger.token())
  const [foreign] = await outside.listOf(stranger.account)
  const refused = await remove({ id: foreign?.id ?? '' })
  assert.equal(await told(browser, refused), '/account/linked: done.gone')
  assert.equal((await exchange(await stranger.token())).status, 200, 'nobody takes away what is another’s')
  assert.equal(await told(browser, await remove()), '/account/linked: done.unlooked')
  assert.equal((await waitFor(() => me(bearer), 403)).status, 403)
  const again = await old.token(subject, { kennitala: nationalId, auth_time: hello() + 2 })
  assert.equal((await exchange(again)).status, 403)
  await outside.link(account, old.issuer, subject, { actor: 'operator:test', session: null })
  assert.equal((await exchange(again)).status, 200)
})

test('of twenty that come first at once one is linked, and all are let in', async () => {
  const { account, token } = await somebody()
  const bearer = await token()
  const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(bearer)))
  assert.ok(answers.every(({ status }) => status === 200))
  const [row] = await service.kit.database.query(
    `select count(*)::int as lines from audit_entry where action = 'outside-tokens.linked' and target_id = $1`,
    [account],
  )
  assert.deepEqual(row, { lines: 1 })
})

test('every door of the person world takes it, with no setting of its own, and refuses it from the next request after a ban', async () => {
  const directory = await testService(members, {
    seeds: service.seeds,
    peerUrls: { identity: service.origin },
    env: { ALTHING_URL: service.origin },
  })
  const { account, token } = await somebody({ roles: ['member'] })
  const bearer = await token()
  const ask = (one = bearer) =>
    directory.fetch(
      new Request(`${service.origin}/api/members/me/membership`, {
        headers: { authorization: `Bearer ${one}` },
      }),
    )
  assert.equal((await waitFor(ask, 200)).status, 200)
  assert.equal((await ask(await old.forged('uid-forged'))).status, 401)
  assert.equal((await ask(await old.token('uid-stranger'))).status, 403)
  await accounts.setStatus(account, 'banned', 'operator:test')
  assert.equal((await waitFor(ask, 403)).status, 403)
})

test('an issuer whose keys cannot be had is an outage, and no reason to believe or to refuse', async () => {
  const away = await firebase()
  const alone = await testIdentity({
    env: { ALTHING_IDENTITY_TOKEN_ISSUERS: JSON.stringify([{ ...setting, keysUrl: away.keysUrl }]) },
  })
  const ask = (token: string) =>
    alone.asService('members', 'POST', '/internal/outside-tokens', { token, network: '', agent: '' })
  for (const how of ['failing', 'garbage', 'elsewhere'] as const) {
    away.behave(how)
    assert.equal((await ask(await away.token('uid'))).status, 503, how)
  }
  away.behave('well')
  assert.equal((await ask(await away.token('uid'))).status, 403, 'known again, and linked to nobody')
  const asked = away.asked()
  for (let n = 0; n < 50; n += 1) await ask(await away.token('uid', {}, { kid: `made-up-${n}` }))
  assert.ok(away.asked() - asked <= 2, 'whoever makes up keys does not have them asked for each time')
})

test('only our own services may ask, and the ballot world may not', async () => {
  const { token } = await somebody()
  assert.equal((await exchange(await token(), 'elections')).status, 403)
  const stranger = await fetch(`${service.origin}/internal/outside-tokens`, {
    method: 'POST',
    body: JSON.stringify({ token: await token(), network: '', agent: '' }),
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(stranger.status, 401)
  const feed = async (by: string) =>
    (await (await service.asService(by, 'GET', '/internal/revocations?after=0')).json()) as {
      issuers?: string[]
    }
  assert.deepEqual((await feed('members')).issuers, [old.issuer, other.issuer])
  assert.equal((await feed('elections')).issuers, undefined)
})

test('its person sees that they came, by the name of the setting, once for each sign-in there', async () => {
  const { account, token, subject, nationalId } = await somebody({}, { auth_time: hello() - 100 })
  for (let n = 0; n < 3; n += 1) await exchange(await token())
  await exchange(await old.token(subject, { kennitala: nationalId, auth_time: hello() - 5 }))
  const rows = await service.kit.database.query(
    'select method, result, network from login_event where account = $1',
    [account],
  )
  assert.deepEqual(
    rows,
    Array.from({ length: 2 }, () => ({ method: 'outside:firebase', result: 'in', network: '203.0.113.9' })),
  )
  const given = async () => (await counted(service))['id_outside_tokens_total{outcome="given"}'] ?? 0
  const before = await given()
  await exchange(await token())
  assert.equal((await given()) - before, 1)
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: `${nationalId}@example.org` })
  assert.match(await (await browser.go('/account/security')).text(), /firebase/)
})

test('settings that are not right stop the start', () => {
  const wrong: object[] = [
    { ...setting, project: 'A' },
    { ...setting, keysUrl: 'http://keys.example/' },
    { ...oidc, issuer: 'http://issuer.example' },
    { ...oidc, audiences: [] },
    { ...oidc, algorithms: ['HS256'] },
    { ...oidc, algorithms: ['none'] },
    { ...oidc, emailClaim: 'email' },
    { ...setting, id: 'Not a name' },
  ]
  for (const one of wrong) assert.equal(issuersOf(JSON.stringify([one])), null, JSON.stringify(one))
  assert.equal(issuersOf(JSON.stringify([oidc, { ...oidc, id: 'again' }])), null, 'one issuer, once')
  assert.equal(issuersOf('nonsense'), null)
  assert.equal(issuersOf(JSON.stringify([setting, oidc]))?.length, 2)
})

/** The feed needs a moment from one end of the house to the other. */
const waitFor = (ask: () => Promise<Response>, status: number): Promise<Response> =>
  until(async () => {
    const answer = await ask()
    return answer.status === status && answer
  }, `an answer with ${status}`)
