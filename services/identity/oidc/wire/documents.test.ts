/** The id of an application is an address, and what it says there is what it is (draft-ietf-oauth-client-id-metadata-document-03). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import * as client from 'openid-client'
import { createClientDocumentStore } from '../../client-documents/store.ts'
import { counted } from '../../../../tests/support/counted.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../../tests/support/identity.ts'
import { httpsServer } from '../../../../tests/support/https.ts'
import {
  addResource,
  api,
  assertion,
  codeGrant,
  keyPair,
  post,
  through,
} from '../../../../tests/support/protocol.ts'

type Answer = { status?: number; type?: string; body: string; headers?: Record<string, string> }
const answers = new Map<string, Answer>()
const calls: string[] = []
const { host, url } = await httpsServer((request, response) => {
  calls.push(request.url ?? '')
  const {
    status = 200,
    type = 'application/json',
    body,
    headers,
  } = answers.get(request.url ?? '') ?? { status: 404, body: '' }
  response.writeHead(status, { 'content-type': type, ...headers }).end(body)
})
const env = {
  ALTHING_IDENTITY_CLIENT_DOCUMENTS: 'on',
  ALTHING_IDENTITY_EGRESS_ALLOWED: host,
  ALTHING_IDENTITY_CLIENT_DOCUMENTS_PER_NETWORK: '1000',
}
const service = await testIdentity({ env })
await addAccount(service)
const mcp = 'https://mcp.example/'
await addResource(service, { uri: mcp, name: 'A server for assistants', scopes: ['tools'], open: true })
await addResource(service)
const own = await keyPair()
const back = 'http://127.0.0.1:33418/callback'

/** A document at a new address, as it ought to be; a test breaks it. */
let count = 0
function put(broken: Record<string, unknown> = {}, more: Partial<Answer> = {}): string {
  const path = `/client-${(count += 1)}.json`
  const id = `${url}${path}`
  const body = JSON.stringify({
    client_id: id,
    client_name: 'The assistant',
    redirect_uris: [back],
    token_endpoint_auth_method: 'none',
    ...broken,
  })
  answers.set(path, { body, ...more })
  return id
}
const request = (id: string, more: Record<string, string> = {}) => ({
  client_id: id,
  response_type: 'code',
  redirect_uri: back,
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  ...more,
})
const par = async (id: string, more: Record<string, string> = {}) => {
  const { status, body, headers } = await post(service, '/oauth/par', request(id, more))
  return {
    said: `${status} ${String(body['error'] ?? 'done')}`,
    why: String(body['error_description'] ?? ''),
    headers,
  }
}

test('off by default: no address is called', async () => {
  const closed = await testIdentity({ env: { ALTHING_IDENTITY_EGRESS_ALLOWED: host } })
  const before = calls.length
  const { status, body } = await post(closed, '/oauth/par', request(put()))
  assert.deepEqual([status, body['error'], calls.length], [401, 'invalid_client', before])
  const metadata = (await (
    await fetch(`${closed.origin}/.well-known/oauth-authorization-server`)
  ).json()) as Record<string, unknown>
  assert.equal(metadata['client_id_metadata_document_supported'], undefined)
})

test('an application that nobody registered signs somebody in, who reads whose it is, and gets a token for one open server', async () => {
  const id = put()
  const config = await client.discovery(new URL(service.origin), id, {}, client.None(), {
    execute: [client.allowInsecureRequests],
  })
  assert.equal(config.serverMetadata()['client_id_metadata_document_supported'], true)
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const asked = new URLSearchParams(request(id, { scope: 'tools', resource: mcp }))
  const { response } = await browser.follow(await browser.go(`/oauth/authorize?${asked.toString()}`))
  const question = await response.text()
  assert.match(question, new RegExp(`This application belongs to ${host}`))
  assert.match(question, /The assistant asks for access/)
  // Its port is chosen when it runs (RFC 8252, section 7.3).
  const elsewhere = 'http://127.0.0.1:50123/callback'
  const { grant } = await codeGrant(config, browser, {
    scope: 'tools',
    resource: mcp,
    redirect_uri: elsewhere,
  })
  const { access_token: token } = await grant()
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >
  assert.deepEqual([claims['aud'], claims['scope'], claims['client_id']], [mcp, 'tools', id])
  const { url: refused } = await through(
    browser,
    `/oauth/authorize?${new URLSearchParams(request(id, { scope: 'read', resource: api })).toString()}`,
  )
  assert.equal(refused.searchParams.get('error'), 'invalid_target')
  assert.equal(calls.filter((path) => path === new URL(id).pathname).length, 1, 'fetched once, and kept')
  // It is in the list of the person, by its address.
  assert.match(await (await browser.go('/account/connected')).text(), new RegExp(host))
})

test('one that proves itself by a key of its own has to', async () => {
  const id = put({ token_endpoint_auth_method: 'private_key_jwt', jwks: own.jwks })
  const form = async (key = own.privateKey) => ({
    ...request(id),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(service, id, key),
  })
  assert.equal((await post(service, '/oauth/par', await form())).status, 201)
  assert.equal((await post(service, '/oauth/par', await form((await keyPair()).privateKey))).status, 401)
  assert.equal((await par(id)).said, '401 invalid_client')
})

test('a document that is not right makes no application, and says why', async () => {
  const refused: readonly [string, RegExp][] = [
    [put({ client_id: `${url}/another.json` }), /another client_id/],
    [put({ client_id: undefined }), /another client_id/],
    [put({ token_endpoint_auth_method: 'client_secret_basic' }), /need a secret/],
    [put({ token_endpoint_auth_method: 'client_secret_jwt' }), /need a secret/],
    [put({ client_secret: 'x' }), /holds a secret/],
    [put({ client_secret_expires_at: 0 }), /holds a secret/],
    [put({ redirect_uris: [] }), /redirect_uris/],
    [put({ redirect_uris: ['http://evil.example/'] }), /redirect_uris/],
    [put({ redirect_uris: ['https://evil.example/*'] }), /redirect_uris/],
    [put({ grant_types: ['client_credentials'], redirect_uris: undefined }), /grant_types/],
    [put({ grant_types: ['urn:openid:params:grant-type:ciba'] }), /grant_types/],
    [
      put({ jwks: { keys: [{ kty: 'OKP', d: 'x' }] }, token_endpoint_auth_method: 'private_key_jwt' }),
      /jwks/,
    ],
    [put({ x: 'a\0' }), /no text may hold/],
    [put({ x: ['\ud800'] }), /no text may hold/],
    [put({ 'a\0': 1 }), /no text may hold/],
    [put({}, { type: 'text/html' }), /no JSON/],
    [put({}, { body: '[]' }), /no JSON object/],
    [put({}, { body: '{' }), /no JSON object/],
    [put({}, { body: `{"x":"${'x'.repeat(6_000)}"}` }), /does not answer, answers too much/],
    [put({}, { status: 404 }), /404/],
    [put({}, { status: 302, headers: { location: put() } }), /302/],
  ]
  for (const [id, why] of refused) {
    const answer = await par(id)
    assert.equal(answer.said, '400 invalid_client', id)
    assert.match(answer.why, why)
  }
  const browser = createBrowser(service.origin)
  const asked = new URLSearchParams(request(refused[0]?.[0] ?? ''))
  const page = await browser.go(`/oauth/authorize?${asked.toString()}`)
  assert.equal(page.status, 400, 'nobody is sent anywhere')
})

test('an address that is not written as it must be, or leads inside, is not called', async () => {
  const before = calls.length
  for (const id of [
    url,
    `${url}/`,
    `${url}/a/../client-1.json`,
    `${url}/%2e%2e/client-1.json`,
    `${url}/client-1.json#x`,
    `https://user@${host}/client-1.json`,
    `HTTPS://${host}/client-1.json`,
    `https://127.0.0.1:1/client-1.json`,
    'https://10.0.0.1/client.json',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/client.json',
    'http://public.example/client.json',
    'ftp://public.example/client.json',
  ])
    assert.match((await par(id)).said, /^40[01] invalid_client$/, id)
  assert.equal(calls.length, before)
})

test('what was read is kept as long as it says, and no longer; who is away for a moment is who it was', async () => {
  const id = put({}, { headers: { 'cache-control': 'max-age=999999' } })
  const path = new URL(id).pathname
  const calledFor = () => calls.filter((one) => one === path).length
  const over = (interval: string) =>
    service.kit.database.query(
      `update client_document set expires_at = now(), fetched_at = now() - $2::interval where url = $1`,
      [id, interval],
    )
  for (let n = 0; n < 3; n += 1) assert.equal((await par(id)).said, '201 done')
  assert.equal(calledFor(), 1)
  const [row] = await service.kit.database.query(
    `select extract(epoch from expires_at - now())::int as s from client_document where url = $1`,
    [id],
  )
  assert.ok(Number(row?.['s']) <= 86_400 && Number(row?.['s']) > 86_000)

  await over('1 hour')
  answers.set(path, { status: 503, body: '' })
  assert.equal((await par(id)).said, '201 done', 'away for a moment')
  assert.equal((await par(id)).said, '201 done')
  assert.equal(calledFor(), 2, 'and left in peace for another')
  await over('3 days')
  assert.equal((await par(id)).said, '400 invalid_client', 'away for days')
  answers.set(path, { body: JSON.stringify({ client_id: id, redirect_uris: ['https://new.example/back'] }) })
  assert.equal((await par(id)).said, '400 invalid_client', 'a mistake is remembered for a minute')
  await over('1 hour')
  assert.equal((await par(id)).said, '400 invalid_request', 'and what it says from then on is in force')
  answers.set(path, { status: 410, body: '' })
  await over('1 minute')
  assert.equal((await par(id)).said, '400 invalid_client', 'gone is gone')
})

test('addresses that nobody knows are called only so often for one network', async () => {
  const narrow = await testIdentity({ env: { ...env, ALTHING_IDENTITY_CLIENT_DOCUMENTS_PER_NETWORK: '2' } })
  await addResource(narrow, { uri: mcp, scopes: ['tools'], open: true })
  const ask = async (id: string) => post(narrow, '/oauth/par', request(id))
  const first = put()
  // The engine hears of the server a moment later.
  await until(async () => (await ask(first)).status === 201)
  assert.equal((await ask(put())).status, 201)
  const refused = await ask(put())
  assert.deepEqual([refused.status, refused.body['error']], [429, 'temporarily_unavailable'])
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  assert.equal((await ask(first)).status, 201, 'one that is known goes on')
})

test('of addresses without end only so many are kept, those that were read last', async () => {
  const [older, newer] = [put(), put()]
  for (const id of [older, newer]) assert.equal((await par(id)).said, '201 done')
  const { database } = service.kit
  await database.query(`update client_document set fetched_at = now() + interval '1 minute' where url = $1`, [
    newer,
  ])
  const inUse = await database.query(
    'select url from client_document where url in (select addresses_in_use())',
  )
  await createClientDocumentStore(database).sweep(inUse.length + 1)
  const left = await database.query<{ url: string }>('select url from client_document')
  assert.deepEqual(
    left.map(({ url: one }) => one).sort(),
    [...inUse.map(({ url: one }) => String(one)), newer].sort(),
  )
  assert.equal((await par(older)).said, '201 done', 'and the other is read again')
})

test('whoever owns a host and names addresses without end takes neither the name nor the ends of sessions from an application that is in use', async () => {
  const { database } = service.kit
  const documents = createClientDocumentStore(database)
  const said = (id: string) => ({ client_id: id, backchannel_logout_uri: `${id}/out` })
  const account = await addAccount(service, { email: 'documents@example.org' })
  await signIn(createBrowser(service.origin), { identifier: 'documents@example.org' })
  const [open, allowed, idle, wrong] = ['open', 'allowed', 'idle', 'wrong'].map(
    (name) => `https://${name}.example/me.json`,
  ) as [string, string, string, string]
  const known = async () =>
    (await database.query<{ url: string }>('select url from client_document order by url')).map(
      ({ url: one }) => one,
    )
  await database.query('delete from client_document')
  for (const id of [open, allowed, idle]) await documents.put(id, said(id), null, 300)
  await database.query(`update client_document set fetched_at = now() - interval '1 hour'`)
  await documents.put(wrong, null, 'it is no JSON', 300)
  await database.query(`update session set engine = $2 where account = $1`, [
    account,
    JSON.stringify({ authorizations: { [open]: { sid: 'x', grantId: 'g' } } }),
  ])
  await database.query(
    `insert into oidc_record (kind, id_hash, sealed, account, client, expires_at)
     values ('Grant', 'documents-test', '', $1, $2, now() + interval '1 day')`,
    [account, allowed],
  )
  await documents.sweep(3)
  assert.deepEqual(await known(), [allowed, idle, open], 'first goes what nothing could be done with')
  for (let n = 0; n < 5; n += 1) await documents.put(`https://flood.example/${n}`, said('x'), null, 300)
  await documents.sweep(3)
  assert.deepEqual(await known(), [allowed, 'https://flood.example/4', open], 'then who was read first')
  await documents.sweep(0)
  assert.deepEqual(await known(), [allowed, open], 'and never who is in use')
  await database.query(`update client_document set expires_at = now() - interval '40 days'`)
  await documents.sweep()
  assert.deepEqual(await known(), [allowed, open])
  await database.query('delete from session where account = $1', [account])
  assert.deepEqual(await database.query('select client from logout_notice where account = $1', [account]), [
    { client: open },
  ])
  await database.query(`delete from oidc_record where client = $1`, [allowed])
  await documents.sweep()
  assert.deepEqual(await known(), [], 'who is in use no more goes as others do')
})

test('what came of each address is counted, and no address is a label', async () => {
  const all = await counted(service)
  for (const outcome of ['fetched', 'refused', 'away'])
    assert.ok((all[`id_oidc_client_documents_total{outcome="${outcome}"}`] ?? 0) > 0, outcome)
  assert.equal(JSON.stringify(all).includes(host), false)
})

test('where no server is open to strangers there is nothing for them', async () => {
  const empty = await testIdentity({ env })
  const { status, body } = await post(empty, '/oauth/par', request(put()))
  assert.deepEqual([status, body['error']], [400, 'invalid_client'])
  assert.match(String(body['error_description']), /resources/)
})
