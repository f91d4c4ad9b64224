/** What is given for what is shown at the token endpoint (RFC 6749, 7636, 8628, 8693, 8707, 9700; RFC 7523, section 2.1). */
import { everywhere, rows, type At, type Check } from './check.ts'

const everyGrant: readonly At[] = [
  'token: authorization_code',
  'token: refresh_token',
  'token: client_credentials',
  'token: device_code',
  'token: ciba',
  'token: token-exchange',
  'token: jwt-bearer',
]
const other = 'https://other.example/'
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'

export const tokenChecks: readonly Check[] = [
  ...everywhere(everyGrant, 'RFC 6749, section 5.2', [
    { what: 'no grant', form: { grant_type: null }, says: '400 invalid_request' },
    { what: 'an unknown grant', form: { grant_type: 'magic' }, says: '400 unsupported_grant_type' },
    {
      what: 'two grants',
      form: { grant_type: ['authorization_code', 'client_credentials'] },
      says: '400 invalid_request',
    },
  ]),
  ...everywhere(
    everyGrant.filter((at) => at !== 'token: authorization_code'),
    'RFC 6749, section 5.2',
    [
      {
        what: 'a client that has no such grant',
        headers: { authorization: 'simple' },
        says: '400 unauthorized_client',
      },
    ],
  ),
  ...rows('token: client_credentials', 'RFC 9700, section 2.4', [
    {
      what: 'a password',
      form: { grant_type: 'password', username: 'ada', password: 'x' },
      says: '400 unsupported_grant_type',
    },
    { what: 'an implicit grant', form: { grant_type: 'implicit' }, says: '400 unsupported_grant_type' },
  ]),
  ...rows('token: client_credentials', 'RFC 6749, section 3.2', [
    { what: 'GET', method: 'GET', says: '405' },
    { what: 'PUT', method: 'PUT', says: '405' },
    { what: 'JSON', headers: { 'content-type': 'application/json' }, says: '400 invalid_request' },
    { what: 'plain text', headers: { 'content-type': 'text/plain' }, says: '400 invalid_request' },
  ]),
  ...rows('token: client_credentials', 'RFC 8707, section 2.2', [
    {
      what: 'a server that nobody knows',
      form: { resource: 'https://evil.example/' },
      says: '400 invalid_target',
    },
    { what: 'a server that it is not registered for', form: { resource: other }, says: '400 invalid_target' },
    { what: 'a server that is no address', form: { resource: 'calendar' }, says: '400 invalid_target' },
    {
      what: 'a server with a fragment',
      form: { resource: 'https://api.example/#x' },
      says: '400 invalid_target',
    },
    {
      what: 'two servers at once',
      form: { resource: ['https://api.example/', 'https://second.example/'] },
      says: '400 invalid_target',
    },
  ]),
  ...rows('token: client_credentials', 'RFC 6749, section 4.4.2', [
    { what: 'a scope of signs that none has', form: { scope: 're"ad' }, says: '400 invalid_scope' },
    {
      what: 'a scope about people that was not registered',
      form: { scope: 'phone', resource: null },
      says: '400 invalid_scope',
    },
    { what: 'a scope twice', form: { scope: ['read', 'read'] }, says: '400 invalid_request' },
  ]),
  ...rows('token: client_credentials', 'RFC 9396, section 6', [
    {
      what: 'details of an unknown type',
      form: { authorization_details: '[{"type":"magic"}]' },
      says: '400 invalid_authorization_details',
    },
    {
      what: 'details that are no JSON',
      form: { authorization_details: 'x' },
      says: '400 invalid_authorization_details',
    },
  ]),
  ...rows('token: authorization_code', 'RFC 6749, section 4.1.3', [
    { what: 'no code', form: { code: null }, says: '400 invalid_request' },
    { what: 'a code that there is not', form: { code: 'x'.repeat(43) }, says: '400 invalid_grant' },
    { what: 'an empty code', form: { code: '' }, says: '400 invalid_request' },
    { what: 'no redirect', form: { redirect_uri: null }, says: '400 invalid_request' },
    {
      what: 'another redirect',
      form: { redirect_uri: 'https://shop.example/other' },
      says: '400 invalid_grant',
    },
    { what: 'a code of another client', headers: { authorization: 'other' }, says: '400 invalid_grant' },
    { what: 'two codes', form: { code: ['x', 'y'] }, says: '400 invalid_request' },
    {
      what: 'two redirects',
      form: { redirect_uri: ['https://shop.example/callback', 'https://evil.example/'] },
      says: '400 invalid_request',
    },
  ]),
  ...rows('token: authorization_code', 'RFC 7636, section 4.6', [
    { what: 'no verifier', form: { code_verifier: null }, says: '400 invalid_grant' },
    { what: 'another verifier', form: { code_verifier: 'y'.repeat(43) }, says: '400 invalid_grant' },
    {
      what: 'a verifier that is too short',
      form: { code_verifier: 'y'.repeat(42) },
      says: '400 invalid_request',
    },
    {
      what: 'a verifier that is too long',
      form: { code_verifier: 'y'.repeat(129) },
      says: '400 invalid_request',
    },
    {
      what: 'a verifier of other signs',
      form: { code_verifier: `${'y'.repeat(43)}+` },
      says: '400 invalid_request',
    },
    {
      what: 'the challenge instead of it',
      form: { code_verifier: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' },
      says: '400 invalid_grant',
    },
  ]),
  ...rows('token: authorization_code', 'RFC 8707, section 2.2', [
    {
      what: 'a server that was not asked for',
      form: { resource: 'https://second.example/' },
      says: '400 invalid_target',
    },
  ]),
  ...rows('token: refresh_token', 'RFC 6749, section 6', [
    { what: 'no token', form: { refresh_token: null }, says: '400 invalid_request' },
    { what: 'a token that there is not', form: { refresh_token: 'x'.repeat(43) }, says: '400 invalid_grant' },
    { what: 'a token of another client', headers: { authorization: 'other' }, says: '400 invalid_grant' },
    {
      what: 'more than was allowed',
      form: { scope: 'openid offline_access email' },
      says: '400 invalid_scope',
    },
    { what: 'an access token instead', form: { refresh_token: 'access' }, says: '400 invalid_grant' },
    { what: 'two tokens', form: { refresh_token: ['x', 'y'] }, says: '400 invalid_request' },
  ]),
  ...rows('token: refresh_token', 'RFC 8707, section 2.2', [
    {
      what: 'a server that was not asked for',
      form: { resource: 'https://second.example/' },
      says: '400 invalid_target',
    },
  ]),
  ...rows('token: device_code', 'RFC 8628, section 3.5', [
    { what: 'no code', form: { device_code: null }, says: '400 invalid_request' },
    { what: 'a code that there is not', form: { device_code: 'x'.repeat(43) }, says: '400 invalid_grant' },
    { what: 'a code of another client', headers: { authorization: 'other' }, says: '400 invalid_grant' },
    { what: 'nobody has answered yet', says: '400 authorization_pending' },
    { what: 'two codes', form: { device_code: ['x', 'y'] }, says: '400 invalid_request' },
  ]),
  ...rows('token: token-exchange', 'RFC 8693, section 2.1', [
    { what: 'no subject token', form: { subject_token: null }, says: '400 invalid_request' },
    { what: 'no type of it', form: { subject_token_type: null }, says: '400 invalid_request' },
    {
      what: 'a type that we do not know',
      form: { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
      says: '400 invalid_request',
    },
    {
      what: 'a refresh token',
      form: { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      says: '400 invalid_request',
    },
    {
      what: 'a token of our own making, by another key',
      form: { subject_token: { foreign: true }, subject_token_type: jwtType },
      says: '400 invalid_request',
    },
    {
      what: 'a token without a signature',
      form: { subject_token: { bare: true }, subject_token_type: jwtType },
      says: '400 invalid_request',
    },
    { what: 'nonsense', form: { subject_token: 'nonsense' }, says: '400 invalid_request' },
    {
      what: 'an ID token wanted',
      form: { requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
      says: '400 invalid_request',
    },
    {
      what: 'a refresh token wanted',
      form: { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      says: '400 invalid_request',
    },
    {
      what: 'a type of an actor without one',
      form: { actor_token_type: jwtType },
      says: '400 invalid_request',
    },
    { what: 'an actor without a type', form: { actor_token: 'x' }, says: '400 invalid_request' },
    {
      what: 'an actor that is nonsense',
      form: { actor_token: 'x', actor_token_type: jwtType },
      says: '400 invalid_request',
    },
    { what: 'two subjects', form: { subject_token: ['x', 'y'] }, says: '400 invalid_request' },
  ]),
  ...rows('token: token-exchange', 'RFC 8693, section 2.2.2', [
    { what: 'no server', form: { resource: null }, says: '400 invalid_target' },
    { what: 'a server that it is not registered for', form: { resource: other }, says: '400 invalid_target' },
    { what: 'two servers', form: { resource: ['https://api.example/', other] }, says: '400 invalid_target' },
    { what: 'more than it may there', form: { scope: 'read write' }, says: '400 invalid_scope' },
  ]),
  ...rows('token: jwt-bearer', 'RFC 7523, section 3', [
    { what: 'no assertion', form: { assertion: null }, says: '400 invalid_request' },
    {
      what: '1. another issuer',
      form: { assertion: { claims: { iss: 'other' } } },
      says: '400 invalid_grant',
    },
    { what: '1. no issuer', form: { assertion: { claims: { iss: null } } }, says: '400 invalid_grant' },
    { what: '2. no subject', form: { assertion: { claims: { sub: null } } }, says: '400 invalid_grant' },
    {
      what: '2. a subject that there is not',
      form: { assertion: { claims: { sub: 'nobody' } } },
      says: '400 invalid_grant',
    },
    {
      what: '3. another audience',
      form: { assertion: { claims: { aud: 'https://other.example' } } },
      says: '400 invalid_grant',
    },
    { what: '3. no audience', form: { assertion: { claims: { aud: null } } }, says: '400 invalid_grant' },
    { what: '4. over', form: { assertion: { claims: { exp: -60 } } }, says: '400 invalid_grant' },
    { what: '4. without an end', form: { assertion: { claims: { exp: null } } }, says: '400 invalid_grant' },
    {
      what: '4. good for an hour',
      form: { assertion: { claims: { exp: 3600 } } },
      says: '400 invalid_grant',
    },
    { what: '5. not yet', form: { assertion: { claims: { nbf: 600 } } }, says: '400 invalid_grant' },
    {
      what: '7. without a name of its own',
      form: { assertion: { claims: { jti: null } } },
      says: '400 invalid_grant',
    },
    { what: '9. signed by another key', form: { assertion: { foreign: true } }, says: '400 invalid_grant' },
    { what: '9. not signed', form: { assertion: { bare: true } }, says: '400 invalid_grant' },
    { what: 'nonsense', form: { assertion: 'nonsense' }, says: '400 invalid_grant' },
    { what: 'no server', form: { resource: null }, says: '400 invalid_target' },
    { what: 'more than was allowed', form: { scope: 'read write' }, says: '400 invalid_scope' },
  ]),
]
