import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './judge.ts'
import { ClientMetadata, type ClientWords } from './schema.ts'

const signs = ['ES256', 'RS256']
const knows = ['openid', 'offline_access', 'profile', 'email', 'phone', 'roles']
const web: ClientWords = { redirect_uris: ['https://shop.example/callback'] }
const key = { kty: 'EC' as const, crv: 'P-256', x: 'x', y: 'y' }
const jwks = { keys: [key] }
const fapi: ClientWords = {
  ...web,
  policy: 'fapi-2.0',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks,
  dpop_bound_access_tokens: true,
  require_pushed_authorization_requests: true,
  id_token_signed_response_alg: 'ES256',
}
const mcp: ClientWords = {
  ...web,
  policy: 'mcp',
  token_endpoint_auth_method: 'none',
  resources: { 'https://mcp.example/': 'tools' },
}

test('what keeps to its policy is taken as it is', () => {
  const good: [string, ClientWords][] = [
    ['an application of the web', web],
    [
      'on the machine of the person',
      { redirect_uris: ['http://127.0.0.1/callback'], application_type: 'native' },
    ],
    ['of a phone', { redirect_uris: ['is.example.app:/callback'], application_type: 'native' }],
    ['a machine', { grant_types: ['client_credentials'] }],
    [
      'by certificate',
      { ...web, token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'shop.example' },
    ],
    ['fapi', fapi],
    ['mcp', mcp],
    ['legacy', { ...web, policy: 'legacy', redirect_uris: ['http://old.example/'] }],
  ]
  for (const [what, words] of good) assert.deepEqual(refused(words), [], what)
})

test('an address that somebody else could read or reach is refused', () => {
  const bad = [
    'http://shop.example/callback',
    'https://shop.example/callback#part',
    'https://name@shop.example/callback',
    'https://*.shop.example/callback',
    'javascript:alert(1)',
    'is.example.app:/callback',
  ]
  for (const uri of bad) assert.deepEqual(refused({ redirect_uris: [uri] }), ['redirect_uris'], uri)
  for (const uri of ['myapp:/callback', 'http://192.168.0.1/callback'])
    assert.deepEqual(refused({ redirect_uris: [uri], application_type: 'native' }), ['redirect_uris'], uri)
  assert.deepEqual(refused({}), ['redirect_uris'], 'none')
  assert.deepEqual(refused({ ...web, post_logout_redirect_uris: ['http://shop.example/'] }), [
    'post_logout_redirect_uris',
  ])
})

test('who proves nothing gets nothing that needs a proof', () => {
  for (const type of [
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
  ] as const)
    assert.ok(
      refused({ grant_types: [type], token_endpoint_auth_method: 'none', jwks }).includes('grant_types'),
      type,
    )
  assert.deepEqual(refused({ grant_types: ['refresh_token'] }), ['grant_types'])
})

test('keys are said once, are public, and are there when they are needed', () => {
  assert.deepEqual(refused({ ...web, token_endpoint_auth_method: 'private_key_jwt' }), ['jwks'])
  assert.deepEqual(refused({ ...web, jwks, jwks_uri: 'https://shop.example/jwks' }), ['jwks_uri'])
  assert.deepEqual(refused({ ...web, token_endpoint_auth_signing_alg: 'ES256' }), [
    'token_endpoint_auth_signing_alg',
  ])
  assert.deepEqual(refused({ ...web, token_endpoint_auth_method: 'tls_client_auth' }), [
    'tls_client_auth_subject_dn',
  ])
  for (const wrong of [
    { ...key, d: 'd' },
    { kty: 'oct', k: 'k' },
  ])
    assert.equal(ClientMetadata.safeParse({ ...web, jwks: { keys: [wrong] } }).success, false)
})

test('FAPI 2.0 refuses, by name, whatever is weaker', () => {
  const cases: [ClientWords, string][] = [
    [{ token_endpoint_auth_method: 'client_secret_basic' }, 'token_endpoint_auth_method'],
    [{ token_endpoint_auth_method: 'none' }, 'token_endpoint_auth_method'],
    [{ dpop_bound_access_tokens: false }, 'dpop_bound_access_tokens'],
    [{ require_pushed_authorization_requests: false }, 'require_pushed_authorization_requests'],
    [{ id_token_signed_response_alg: 'RS256' }, 'id_token_signed_response_alg'],
    [{ token_endpoint_auth_signing_alg: 'RS256' }, 'token_endpoint_auth_signing_alg'],
    [{ request_object_signing_alg: 'RS256' }, 'request_object_signing_alg'],
    [{ grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'] }, 'grant_types'],
  ]
  for (const [broken, field] of cases) assert.ok(refused({ ...fapi, ...broken }).includes(field), field)
})

test('who asks people elsewhere proves itself, says how it hears of the answer, and signs where its policy wants it', () => {
  const ciba = 'urn:openid:params:grant-type:ciba' as const
  const asking: ClientWords = { grant_types: [ciba], backchannel_token_delivery_mode: 'poll' }
  const endpoint = 'https://shop.example/told'
  assert.deepEqual(refused(asking), [])
  assert.deepEqual(refused({ ...asking, grant_types: [ciba, 'refresh_token'] }), [])
  assert.deepEqual(
    refused({
      ...asking,
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: endpoint,
    }),
    [],
  )
  const cases: [ClientWords, string][] = [
    [{ ...asking, token_endpoint_auth_method: 'none' }, 'grant_types'],
    [{ ...asking, policy: 'mcp', resources: { [endpoint]: 'x' } }, 'grant_types'],
    [{ grant_types: [ciba] }, 'backchannel_token_delivery_mode'],
    [{ ...web, backchannel_token_delivery_mode: 'poll' }, 'backchannel_token_delivery_mode'],
    [{ ...asking, backchannel_token_delivery_mode: 'ping' }, 'backchannel_client_notification_endpoint'],
    [
      { ...asking, backchannel_client_notification_endpoint: endpoint },
      'backchannel_client_notification_endpoint',
    ],
    [
      {
        ...asking,
        backchannel_token_delivery_mode: 'ping',
        backchannel_client_notification_endpoint: 'http://localhost/told',
      },
      'backchannel_client_notification_endpoint',
    ],
    [{ ...asking, backchannel_authentication_request_signing_alg: 'ES256' }, 'jwks'],
    [
      { ...web, jwks, backchannel_authentication_request_signing_alg: 'ES256' },
      'backchannel_authentication_request_signing_alg',
    ],
    [{ ...fapi, ...asking, redirect_uris: [] }, 'backchannel_authentication_request_signing_alg'],
    [
      {
        ...asking,
        subject_type: 'pairwise',
        sector_identifier_uri: endpoint,
      },
      'subject_type',
    ],
  ]
  for (const [broken, field] of cases)
    assert.ok(refused(broken).includes(field), `${field}: ${JSON.stringify(broken)}`)
})

test('tokens without a named server are not for MCP, and not for a device there', () => {
  assert.deepEqual(refused({ ...mcp, resources: {} }), ['resources'])
  assert.deepEqual(
    refused({ ...mcp, grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'] }),
    ['grant_types'],
  )
  assert.deepEqual(refused({ ...mcp, redirect_uris: ['http://shop.example/'] }), ['redirect_uris'])
})

test('we promise no signature that we have no key for', () => {
  assert.deepEqual(refused({ ...web, id_token_signed_response_alg: 'PS256' }), [
    'id_token_signed_response_alg',
  ])
  assert.deepEqual(refused({ ...web, userinfo_signed_response_alg: 'EdDSA' }), [
    'userinfo_signed_response_alg',
  ])
})

test('words that are none are refused before anything else', () => {
  for (const words of [
    { response_types: ['token'] },
    { grant_types: ['password'] },
    { grant_types: ['implicit'] },
    { grant_types: ['urn:ietf:params:oauth:grant-type:saml2-bearer'] },
    { token_endpoint_auth_method: 'client_secret_jwt' },
    { id_token_signed_response_alg: 'none' },
    { id_token_signed_response_alg: 'HS256' },
    { policy: 'whatever' },
    { client_secret: 'my own' },
  ])
    assert.equal(ClientMetadata.safeParse({ ...web, ...words }).success, false, JSON.stringify(words))
})

const refused = (words: ClientWords): string[] => [
  ...new Set(judge(ClientMetadata.parse(words), signs, knows).map(({ field }) => field)),
]
