/** Every flow that we speak, with each strict client library of others: one list, run with all of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../../tests/support/identity.ts'
import { addClient, addResource, api, through } from '../../../../tests/support/protocol.ts'
import {
  keyOf,
  libraries,
  type Acquaintance,
  type Begun,
  type How,
  type Library,
  type Stranger,
  type Tokens,
} from '../../../../tests/support/strangers.ts'
import type { ClientWords } from '../../clients/schema.ts'

const service = await testIdentity()
await addAccount(service)
const next = 'https://next.example/'
await addResource(service, { introspector: 'server' })
await addResource(service, { uri: next })
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange' as const
const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer' as const
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code' as const
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

let count = 0
/** An application of its own for each story. */
async function meet(
  library: Library,
  words: ClientWords = {},
  more: Partial<Acquaintance> = {},
): Promise<Stranger> {
  count += 1
  const id = `stranger-${count}`
  const secret = await addClient(service, id, words)
  const { userinfo_signed_response_alg: userinfo, introspection_signed_response_alg: introspection } = words
  return library.meet({
    origin: service.origin,
    id,
    proof: { by: 'basic', secret },
    registered: {
      ...(userinfo === undefined ? {} : { userinfo_signed_response_alg: userinfo }),
      ...(introspection === undefined ? {} : { introspection_signed_response_alg: introspection }),
      ...(words.authorization_signed_response_alg === undefined
        ? {}
        : { authorization_signed_response_alg: words.authorization_signed_response_alg }),
    },
    ...more,
    ...(more.proof?.by === 'post' ? { proof: { by: 'post', secret } } : {}),
  })
}

/** One device for all: an account signs in ten times a minute at most. */
const browser = createBrowser(service.origin)
await signIn(browser)

async function allowed({ url: start }: Begun): Promise<URL> {
  const { url } = await through(browser, start.href)
  assert.ok(url.searchParams.has('code') || url.searchParams.has('response'), url.search)
  return url
}

async function codeFlow(stranger: Stranger, parameters = {}, how: How = {}, more = {}): Promise<Tokens> {
  const begun = await stranger.begin(parameters, how)
  return stranger.finish(await allowed(begun), begun, more)
}
const subjectOf = ({ id_token: token = '' }: Tokens) => decodeJwt(token).sub ?? ''

const offline = { scope: 'openid email offline_access', prompt: 'consent' }
const offlineWords: ClientWords = {
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid email offline_access',
}
const machine: ClientWords = { grant_types: ['client_credentials'], resources: { [api]: 'read' } }

/** What works. */
const flows: Readonly<Record<string, (library: Library) => Promise<void>>> = {
  async 'code with PKCE, and who it is about'(library) {
    const stranger = await meet(library, { scope: 'openid email' })
    const tokens = await codeFlow(stranger, { scope: 'openid email' })
    const info = await stranger.userinfo(tokens.access_token, subjectOf(tokens))
    assert.equal(info.email, 'ada@example.org')
  },
  async 'code with the secret in the form'(library) {
    const stranger = await meet(
      library,
      { token_endpoint_auth_method: 'client_secret_post' },
      { proof: { by: 'post', secret: '' } },
    )
    assert.ok((await codeFlow(stranger)).id_token)
  },
  async 'code without a secret'(library) {
    const stranger = await meet(library, { token_endpoint_auth_method: 'none' }, { proof: { by: 'none' } })
    assert.ok((await codeFlow(stranger)).id_token)
  },
  async 'refresh, each with a successor'(library) {
    const stranger = await meet(library, offlineWords)
    const first = await codeFlow(stranger, offline)
    const second = await stranger.refresh(first.refresh_token ?? '')
    assert.notEqual(second.refresh_token, first.refresh_token)
    const info = await stranger.userinfo(second.access_token, subjectOf(first))
    assert.equal(info.email, 'ada@example.org')
  },
  async 'client credentials for a named server'(library) {
    const stranger = await meet(library, machine)
    const given = await stranger.credentials({ resource: api, scope: 'read' })
    assert.deepEqual([given.scope, decodeJwt(given.access_token).aud], ['read', api])
  },
  async 'a device without a keyboard'(library) {
    const stranger = await meet(
      library,
      { grant_types: [deviceGrant], token_endpoint_auth_method: 'none', scope: 'openid email' },
      { proof: { by: 'none' } },
    )
    const tokens = await stranger.device({ scope: 'openid email' }, async (waiting) => {
      const page = await (await browser.go('/oauth/code')).text()
      const question = await browser.submit(page, 'device-code', { user_code: waiting.user_code })
      const answer = await browser.submit(await question.text(), 'device-confirm', { confirm: 'yes' })
      const { url } = await browser.follow(answer)
      await through(browser, url.href)
    })
    assert.ok(subjectOf(tokens))
  },
  async 'a pushed request'(library) {
    const stranger = await meet(library, { require_pushed_authorization_requests: true })
    assert.ok((await codeFlow(stranger, {}, { isPushed: true })).id_token)
  },
  async 'a signed request and a signed answer'(library) {
    const { key, jwks } = await keyOf('ES256')
    const words: ClientWords = {
      jwks,
      require_signed_request_object: true,
      authorization_signed_response_alg: 'ES256',
    }
    const stranger = await meet(library, words)
    assert.ok((await codeFlow(stranger, {}, { signWith: key, isAnswerSigned: true })).id_token)
  },
  async 'a request that is pushed and signed, by RSA with PSS, and answered so'(library) {
    const { key, jwks } = await keyOf('PS256')
    const stranger = await meet(library, { jwks, authorization_signed_response_alg: 'PS256' })
    const how = { isPushed: true, signWith: key, isAnswerSigned: true }
    assert.ok((await codeFlow(stranger, {}, how)).id_token)
  },
  async 'tokens that are bound to a key, with a word of ours in each proof'(library) {
    for (const alg of ['ES256', 'PS256', 'Ed25519']) {
      const dpop = await oauth.generateKeyPair(alg)
      const stranger = await meet(library, { ...offlineWords, dpop_bound_access_tokens: true }, { dpop })
      const tokens = await codeFlow(stranger, offline, { isPushed: true })
      assert.equal(tokens.token_type, 'dpop', alg)
      const later = await stranger.refresh(tokens.refresh_token ?? '')
      const info = await stranger.userinfo(later.access_token, subjectOf(tokens))
      assert.equal(info.email, 'ada@example.org')
    }
  },
  async 'a key in place of a secret'(library) {
    for (const alg of ['ES256', 'PS256', 'RS256', 'EdDSA'] as const) {
      const { key, jwks } = await keyOf(alg)
      const words: ClientWords = { ...machine, token_endpoint_auth_method: 'private_key_jwt', jwks }
      const stranger = await meet(library, words, { proof: { by: 'key', key } })
      assert.ok((await stranger.credentials({ resource: api, scope: 'read' })).access_token, alg)
    }
  },
  async 'what a token is worth, plain and signed; and its end'(library) {
    for (const alg of [undefined, 'ES256', 'PS256'] as const) {
      const stranger = await meet(library, {
        ...machine,
        access_token_format: 'opaque',
        ...(alg === undefined ? {} : { introspection_signed_response_alg: alg }),
      })
      const { access_token: token } = await stranger.credentials({ resource: api, scope: 'read' })
      const worth = await stranger.introspect(token)
      assert.deepEqual([worth.active, worth.scope, worth.aud], [true, 'read', api])
      await stranger.revoke(token)
      assert.equal((await stranger.introspect(token)).active, false)
    }
  },
  async 'who it is about, signed'(library) {
    const stranger = await meet(library, {
      scope: 'openid email',
      userinfo_signed_response_alg: 'ES256',
    })
    const tokens = await codeFlow(stranger, { scope: 'openid email' })
    const info = await stranger.userinfo(tokens.access_token, subjectOf(tokens))
    assert.deepEqual([info.email, info['iss']], ['ada@example.org', service.origin])
  },
  async 'a token for another token'(library) {
    const stranger = await meet(library, {
      grant_types: ['authorization_code', exchange],
      resources: { [api]: 'read', [next]: 'read' },
      token_exchange: ['delegation'],
      scope: 'openid',
    })
    const mine = await codeFlow(stranger, { scope: 'openid read', resource: api }, {}, { resource: api })
    const given = await stranger.grant(exchange, {
      subject_token: mine.access_token,
      subject_token_type: accessToken,
      resource: next,
    })
    assert.deepEqual([decodeJwt(given.access_token).aud, given['issued_token_type']], [next, accessToken])
  },
  async 'a token for a signed wish of somebody who has allowed it'(library) {
    const { key, jwks } = await keyOf('ES256')
    const words: ClientWords = {
      grant_types: ['authorization_code', bearer],
      resources: { [api]: 'read' },
      jwks,
    }
    const stranger = await meet(library, words)
    const subject = subjectOf(
      await codeFlow(stranger, { scope: 'openid read', resource: api }, {}, { resource: api }),
    )
    const assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid })
      .setIssuer(`stranger-${count}`)
      .setSubject(subject)
      .setAudience(service.origin)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(key.key)
    const given = await stranger.grant(bearer, { assertion, resource: api })
    assert.deepEqual([decodeJwt(given.access_token).sub, given.scope], [subject, 'read'])
  },
}

type Refusal = readonly [because: RegExp, broken: (stranger: Stranger) => Promise<unknown>]

/** What is changed on its way is refused, by the library or by us, for what it is. */
const refusals: Readonly<Record<string, Refusal>> = {
  'an answer to another question': [
    /unexpected "state"/,
    async (stranger) => {
      const [begun, other] = [await stranger.begin(), await stranger.begin()]
      return stranger.finish(await allowed(other), begun)
    },
  ],
  'an answer of another provider': [
    /unexpected "iss"/,
    async (stranger) => {
      const begun = await stranger.begin()
      const url = await allowed(begun)
      url.searchParams.set('iss', 'https://evil.example')
      return stranger.finish(url, begun)
    },
  ],
  'an answer that does not say whose it is': [
    /"iss" \(issuer\) missing/,
    async (stranger) => {
      const begun = await stranger.begin()
      const url = await allowed(begun)
      url.searchParams.delete('iss')
      return stranger.finish(url, begun)
    },
  ],
  'a code without what was hidden at its start': [
    /invalid_grant/,
    async (stranger) => {
      const [begun, other] = [await stranger.begin(), await stranger.begin()]
      return stranger.finish(await allowed(begun), { ...begun, verifier: other.verifier })
    },
  ],
  'an identity for another question': [
    /unexpected ID Token "nonce"/,
    async (stranger) => {
      const [begun, other] = [await stranger.begin(), await stranger.begin()]
      return stranger.finish(await allowed(begun), { ...begun, nonce: other.nonce })
    },
  ],
  'a code that was used': [
    /invalid_grant/,
    async (stranger) => {
      const begun = await stranger.begin()
      const url = await allowed(begun)
      await stranger.finish(url, begun)
      return stranger.finish(url, begun)
    },
  ],
  'somebody else than the token is about': [
    /unexpected.*"sub"/,
    async (stranger) => {
      return stranger.userinfo((await codeFlow(stranger)).access_token, 'somebody else')
    },
  ],
  'a refresh token that we did not give': [/invalid_grant/, (stranger) => stranger.refresh('x'.repeat(43))],
  'a grant that it was not registered for': [
    /unauthorized_client/,
    (stranger) => stranger.credentials({ scope: 'openid' }),
  ],
}

for (const library of libraries) {
  for (const [name, flow] of Object.entries(flows)) test(`${library.name}: ${name}`, () => flow(library))
  for (const [name, [because, broken]] of Object.entries(refusals))
    test(`${library.name} gets nothing for ${name}`, async () => {
      const stranger = await meet(library, offlineWords)
      await assert.rejects(broken(stranger), (error: Error & { error?: string }) => {
        const cause = error.cause instanceof Error ? error.cause.message : ''
        assert.match(`${error.error ?? ''} ${error.message} ${cause}`, because)
        return true
      })
    })
}
