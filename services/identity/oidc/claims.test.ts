/** What applications are told beside a name: roles, groups, membership and kennitala, and to whom none of it is told. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import * as client from 'openid-client'
import { Registry } from '@althing/kernel/telemetry'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { addClient, callback, codeGrant, strict, through } from '../../../tests/support/protocol.ts'
import type { ClientWords } from '../clients/schema.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'

/** A directory of members that says what it is told to say, or is away. */
const directory = { answer: null as object | 'silence' | null, asked: 0 }
const server = createServer((_request, response) => {
  directory.asked += 1
  if (directory.answer === 'silence') return undefined
  if (directory.answer === null) return void response.writeHead(503).end()
  response.setHeader('content-type', 'application/json')
  return void response.end(JSON.stringify(directory.answer))
})
await new Promise<void>((done) => server.listen(0, 'localhost', done))
after(() => (server.closeAllConnections(), server.close()))
const directoryUrl = `http://localhost:${(server.address() as { port: number }).port}`
const paidUp = {
  isMember: true,
  membershipStatus: 'active',
  feesPaid: true,
  verified: true,
  kennitala: '120174****',
  member: null,
  name: 'Ada',
  memberSince: '2019-05-01',
}
/** Of one person more sign-ins come here in a minute than of anybody. */
const service = await testIdentity({
  peerUrls: { members: directoryUrl },
  env: { ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000' },
})
const account = await addAccount(service, { nationalId: '1201743399', roles: ['member', 'administrator'] })
const { connections, clientOperations } = compose(
  service.kit as unknown as IdentityKit,
  createMetrics(new Registry()),
)
const purpose = { is: 'Til að senda reikninga', en: 'To send invoices' }
const all = 'openid roles groups membership national_id'

/** What an ID token says of the sign-in, and nothing of a person that they have not shown. */
const ofTheSignIn = ['sub', 'sid', 'acr', 'amr', 'auth_time', 'iss']

/** What an application of these words is told when it asks so. */
async function told(id: string, words: ClientWords, more: Readonly<Record<string, string>> = {}) {
  const { config, secret } = await known(id, words)
  const { grant } = await codeGrant(config, createBrowser(service.origin), {
    scope: words.scope ?? 'openid',
    ...more,
  })
  const tokens = await grant()
  const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
  return { info, config, secret, tokens, idToken: tokens.claims() }
}

async function known(id: string, words: ClientWords) {
  const secret = await addClient(service, id, words)
  return { secret, config: await strict(service, id, client.ClientSecretBasic(secret)) }
}

test('whoever registered for it, and was allowed, is told roles, groups, membership and kennitala', async () => {
  directory.answer = paidUp
  const { info, idToken, config } = await told('all', { scope: all, national_id_purpose: purpose })
  assert.deepEqual(info, {
    sub: account,
    roles: ['member', 'administrator'],
    groups: ['member', 'election-manager', 'administrator'],
    membership: { status: 'active', since: '2019-05-01', paid: true },
    national_id: '1201743399',
  })
  assert.equal(idToken?.['national_id'], undefined, 'the ID token, which browsers pass on, says none of it')
  const metadata = config.serverMetadata()
  for (const scope of all.split(' ')) assert.ok(metadata.scopes_supported?.includes(scope), scope)
  for (const claim of ['roles', 'groups', 'membership', 'national_id'])
    assert.ok(metadata.claims_supported?.includes(claim), claim)
})

test('who does not belong is said to not belong; where the directory is away nothing is said, and the sign-in goes on', async () => {
  directory.answer = {
    ...paidUp,
    isMember: false,
    membershipStatus: 'not_found',
    feesPaid: false,
    memberSince: null,
  }
  const none = await told('none', { scope: 'openid membership' })
  assert.deepEqual(none.info['membership'], { status: 'none', since: null, paid: false })
  directory.answer = { ...paidUp, membershipStatus: 'unpaid', feesPaid: false }
  const unpaid = await told('unpaid', { scope: 'openid membership' })
  assert.deepEqual(unpaid.info['membership'], { status: 'unpaid', since: '2019-05-01', paid: false })
  directory.answer = null
  const away = await told('away', { scope: 'openid membership' })
  assert.deepEqual(away.info, { sub: account })
  directory.answer = 'silence'
  const began = performance.now()
  const silent = await told('silent', { scope: 'openid membership' })
  assert.deepEqual(silent.info, { sub: account })
  assert.ok(performance.now() - began < 20_000, 'nobody waits for one that hangs')
  const before = directory.asked
  await told('other', { scope: 'openid roles' })
  assert.equal(directory.asked, before, 'who does not ask for it costs the directory nothing')
})

test('the purpose of a kennitala is read where it is allowed, and another purpose is another question', async () => {
  const { config } = await known('bills', {
    scope: 'openid national_id',
    national_id_purpose: purpose,
    consent: 'remember',
  })
  const browser = createBrowser(service.origin)
  const question = async () => {
    const start = client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid national_id',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    })
    let { response, url } = await browser.follow(await browser.go(start.href))
    if (url.pathname === '/sign-in')
      ({ response, url } = await browser.follow(await signIn(browser, { at: url.href })))
    return { url, page: url.origin === service.origin ? await response.text() : '' }
  }
  const first = await question()
  assert.match(first.page, /see your kennitala\s*<p class="soft">What for: To send invoices<\/p>/)
  const other = { is: 'Til að auglýsa', en: 'To advertise' }
  await clientOperations.change('bills', { metadata: { national_id_purpose: other } }, 'operator:test')
  // It was changed while the page stood there: what is allowed is what was read.
  const again = await browser.follow(await browser.submit(first.page, 'consent', { decision: 'allow' }))
  const anew = await again.response.text()
  assert.match(anew, /What for: To advertise/)
  const { url } = await browser.follow(await browser.submit(anew, 'consent', { decision: 'allow' }))
  assert.equal(url.origin, 'https://shop.example')
  assert.equal((await question()).url.origin, 'https://shop.example', 'remembered')
  await clientOperations.change('bills', { metadata: { national_id_purpose: purpose } }, 'operator:test')
  assert.match((await question()).page, /What for: To send invoices/)
})

test('a token for a purpose that is over tells nobody anything', async () => {
  const { config, tokens } = await told('changes', {
    scope: 'openid national_id',
    national_id_purpose: purpose,
  })
  await clientOperations.change(
    'changes',
    { metadata: { national_id_purpose: { is: 'Til að auglýsa', en: 'To advertise' } } },
    'operator:test',
  )
  await assert.rejects(client.fetchUserInfo(config, tokens.access_token, account))
})

test('what was not registered is told to nobody, however it is asked for', async () => {
  directory.answer = paidUp
  const { config } = await known('little', { scope: 'openid email' })
  for (const scope of ['national_id', 'membership', 'groups', 'roles']) {
    const browser = createBrowser(service.origin)
    const { url } = await through(
      browser,
      client.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: `openid ${scope}`,
        code_challenge: 'a'.repeat(43),
        code_challenge_method: 'S256',
      }).href,
    )
    assert.equal(url.searchParams.get('error'), 'invalid_scope', scope)
  }
  const names = ['national_id', 'membership', 'groups', 'roles']
  const claims = JSON.stringify({
    userinfo: Object.fromEntries(names.map((name) => [name, { essential: true }])),
    id_token: { national_id: null },
  })
  const byName = await told('by-name', { scope: 'openid email' }, { scope: 'openid email', claims })
  assert.deepEqual(Object.keys(byName.info).sort(), ['email', 'email_verified', 'sub'])
  assert.equal(byName.idToken?.['national_id'], undefined)
  const anything = await told('nothing', { scope: '' }, { scope: `openid ${names.join(' ')}` })
  assert.deepEqual(anything.info, { sub: account }, 'one that is registered for nothing may ask for anything')
  const named = await told(
    'named',
    { scope: 'openid national_id', national_id_purpose: purpose },
    { scope: 'openid', claims: JSON.stringify({ userinfo: { national_id: null } }) },
  )
  assert.equal(named.info['national_id'], '1201743399', 'by name, where it is registered')
})

test('whatever has a name of its own is told by that name to those only who are registered for its kind', async () => {
  directory.answer = paidUp
  await service.kit.database.query('update account set phone = $2 where id = $1', [account, '+3545551234'])
  const { config } = await known('by-each-name', { scope: 'openid email offline_access' })
  const names = (config.serverMetadata().claims_supported ?? []).filter((name) => !ofTheSignIn.includes(name))
  assert.ok(names.includes('name') && names.includes('phone_number'), names.join(' '))
  const wish = Object.fromEntries(names.map((name) => [name, null]))
  const claims = JSON.stringify({ id_token: wish, userinfo: wish })
  const asked = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid email',
    claims,
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
  })
  const browser = createBrowser(service.origin)
  const begun = await browser.follow(await browser.go(asked.href))
  const { response } = await browser.follow(await signIn(browser, { at: begun.url.href }))
  const page = await response.text()
  assert.match(page, /see your e-mail address/)
  assert.doesNotMatch(page, /your name|your phone|kennitala/)
  for (const scope of ['openid email offline_access', '']) {
    const words = { scope, ...(scope === '' ? {} : { consent: 'remember' as const }) }
    const more = { scope: scope === '' ? 'openid' : 'openid email', claims }
    const { info, idToken } = await told(`each-${scope.length}`, words, more)
    const may = scope === '' ? [] : ['email', 'email_verified']
    assert.deepEqual(Object.keys(info).sort(), [...may, 'sub'], 'there')
    assert.deepEqual(
      names.filter((name) => idToken?.[name] !== undefined && name !== 'sub'),
      may,
      'in the ID token',
    )
  }
  const registered = await told(
    'each-registered',
    { scope: 'openid profile phone' },
    { scope: 'openid', claims: JSON.stringify({ id_token: { name: null, phone_number: null } }) },
  )
  assert.deepEqual(
    [registered.idToken?.['name'], registered.idToken?.['phone_number']],
    ['Ada Jónsdóttir', '+3545551234'],
  )
})

test('what somebody keeps to themselves is not told, by a token of before neither', async () => {
  directory.answer = paidUp
  const { config, tokens, info } = await told('keeps', { scope: all, national_id_purpose: purpose })
  assert.equal(info['national_id'], '1201743399')
  const choices = await connections.choicesOf(account)
  await connections.choose(account, { ...choices, national_id: 'deny', membership: 'deny', groups: 'deny' })
  const later = await client.fetchUserInfo(config, tokens.access_token, account)
  assert.deepEqual(Object.keys(later).sort(), ['roles', 'sub'])
  const asked = await told('keeps-too', { scope: all, national_id_purpose: purpose })
  assert.deepEqual(Object.keys(asked.info).sort(), ['roles', 'sub'])
  const claims = JSON.stringify({ userinfo: { national_id: { essential: true } } })
  const byName = await told(
    'keeps-by-name',
    { scope: 'openid national_id', national_id_purpose: purpose },
    { scope: 'openid', claims },
  )
  assert.deepEqual(byName.info, { sub: account })
  await connections.choose(account, choices)
})

test('a kennitala is asked for with a purpose, in both languages, and of somebody', async () => {
  const wrong: [ClientWords, string][] = [
    [{ scope: 'openid national_id' }, 'national_id_purpose'],
    [{ scope: 'openid', national_id_purpose: purpose }, 'national_id_purpose'],
    [
      { scope: 'openid national_id', national_id_purpose: { is: 'Til reikninga' } as never },
      'national_id_purpose/en',
    ],
    [{ scope: 'openid national_id', national_id_purpose: { ...purpose, en: 'x' } }, 'national_id_purpose/en'],
    [
      { scope: 'openid national_id', national_id_purpose: { ...purpose, en: 'To\u202e send' } },
      'national_id_purpose/en',
    ],
    [{ scope: 'openid national_id', national_id_purpose: purpose, consent: 'skip' }, 'consent'],
  ]
  for (const [words, field] of wrong)
    await assert.rejects(addClient(service, 'wrong', words), (error: { fields?: { pointer: string }[] }) =>
      Boolean(error.fields?.some(({ pointer }) => pointer === `/${field}`)),
    )
})

test('an application for itself is told of nobody, and who has no kennitala has none to tell', async () => {
  const secret = await addClient(service, 'machine', { grant_types: ['client_credentials'], scope: '' })
  const config = await strict(service, 'machine', client.ClientSecretBasic(secret))
  for (const asked of [{}, { scope: 'openid national_id membership' }] as Record<string, string>[]) {
    const { access_token: token } = await client.clientCredentialsGrant(config, asked)
    const answer = await fetch(`${service.origin}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(answer.status, 401)
  }
  await service.kit.database.query('update account set national_id = null where id = $1', [account])
  const { info } = await told('nobody', { scope: 'openid national_id', national_id_purpose: purpose })
  assert.deepEqual(info, { sub: account })
})
