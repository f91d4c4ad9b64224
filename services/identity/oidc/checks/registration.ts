/** Applications that register themselves (RFC 7591, OpenID Connect Dynamic Client Registration) and look after themselves (RFC 7592). */
import { everywhere, rows, type At, type Check, type Row } from './check.ts'

const metadata = '400 invalid_client_metadata'
const redirect = '400 invalid_redirect_uri'
const request = '400 invalid_request'
const token = '401 invalid_token'

/** What is judged is judged alike when it is said first and when it is said anew. */
const saying: readonly At[] = ['register', 'registration: PUT']
const inside = 'http://10.0.0.1/'

const no = (what: string, json: NonNullable<Row['json']>, says = metadata): Row => ({ what, json, says })

export const registrationChecks: readonly Check[] = [
  ...everywhere(saying, 'RFC 7591, section 2, redirect_uris', [
    no('none', { redirect_uris: null }, redirect),
    no('an empty list', { redirect_uris: [] }, redirect),
    no('no list', { redirect_uris: 'https://shop.example/' }, redirect),
    no('one that is no address', { redirect_uris: ['shop'] }, redirect),
    no('one that is no text', { redirect_uris: [1] }, redirect),
    no('one with a fragment', { redirect_uris: ['https://shop.example/#x'] }, redirect),
    no('one with a pattern', { redirect_uris: ['https://*.shop.example/'] }, redirect),
    no('one with a password', { redirect_uris: ['https://a:b@shop.example/'] }, redirect),
    no('one over plain http', { redirect_uris: ['http://shop.example/'] }, redirect),
    no('one of a script', { redirect_uris: ['javascript:alert(1)'] }, redirect),
    no('one of data', { redirect_uris: ['data:text/html,x'] }, redirect),
    no('a scheme of its own on the web', { redirect_uris: ['com.example.shop:/back'] }, redirect),
    no('a scheme without a dot', { application_type: 'native', redirect_uris: ['shop:/back'] }, redirect),
    no(
      'one good and one bad',
      { redirect_uris: ['https://shop.example/', 'http://evil.example/'] },
      redirect,
    ),
    no(
      'too many',
      { redirect_uris: Array.from({ length: 51 }, (_, n) => `https://shop.example/${n}`) },
      redirect,
    ),
  ]),
  ...everywhere(saying, 'RFC 7591, section 2', [
    no('a proof that we do not have', { token_endpoint_auth_method: 'client_secret_jwt' }),
    no('a proof that nobody knows', { token_endpoint_auth_method: 'magic' }),
    no('a proof by key without a key', { token_endpoint_auth_method: 'private_key_jwt' }),
    no('no grant', { grant_types: [] }),
    no('an unknown grant', { grant_types: ['magic'] }),
    no('the implicit grant', { grant_types: ['authorization_code', 'implicit'] }),
    no('the grant of passwords', { grant_types: ['authorization_code', 'password'] }),
    no('a grant for itself', { grant_types: ['authorization_code', 'client_credentials'] }),
    no('a grant to ask people elsewhere', {
      grant_types: ['authorization_code', 'urn:openid:params:grant-type:ciba'],
      backchannel_token_delivery_mode: 'poll',
    }),
    no('a grant to act for others', {
      grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'],
    }),
    no('a grant of signed wishes', {
      grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
    }),
    no('refreshing alone', { grant_types: ['refresh_token'], redirect_uris: null }),
    no('an answer that we do not give', { response_types: ['token'] }),
    no('two answers at once', { response_types: ['code id_token'] }),
    no('no answer, with a grant that has one', { response_types: [] }),
    no('a name that is none', { client_name: 1 }),
    no('a name of two lines', { client_name: 'a\nb' }),
    no('a name with a mark that turns it', { client_name: 'a\u202eb' }),
    no('a name that is too long', { client_name: 'x'.repeat(101) }),
    no('keys and their address', { jwks: { keys: [] }, jwks_uri: 'https://shop.example/keys' }),
    no('keys that are none', { jwks: 'x' }),
    no('an empty set of keys', { jwks: { keys: [] } }),
    no('a key that both hold', { jwks: { keys: [{ kty: 'oct', k: 'eA' }] } }),
    no('a private key', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'eA', y: 'eA', d: 'eA' }] } }),
    no('keys over plain http', { jwks_uri: 'http://shop.example/keys' }),
    no('keys inside', { jwks_uri: inside }),
    no('a page that is none', { client_uri: 'shop' }),
    no('a page of a script', { policy_uri: 'javascript:alert(1)' }),
    no('terms that are no text', { tos_uri: 1 }),
    no('somebody to ask who is no address', { contacts: ['somebody'] }),
  ]),
  ...everywhere(saying, 'OpenID Connect Registration, section 2', [
    no('an unknown kind', { application_type: 'magic' }),
    no('an unknown kind of name', { subject_type: 'magic' }),
    no('names of a sector without its list', {
      subject_type: 'pairwise',
      redirect_uris: ['https://shop.example/', 'https://second.example/'],
    }),
    no('a list of the sector over plain http', { sector_identifier_uri: 'http://shop.example/' }),
    no('a list of the sector inside', { sector_identifier_uri: 'https://10.0.0.1/' }),
    no('an ID token that nobody signs', { id_token_signed_response_alg: 'none' }),
    no('an ID token under a secret', { id_token_signed_response_alg: 'HS256' }),
    no('an answer about people that nobody signs', { userinfo_signed_response_alg: 'none' }),
    no('a request that nobody signs', { request_object_signing_alg: 'none' }),
    no('a request signed by no key', { request_object_signing_alg: 'ES256' }),
    no('a proof signed under a secret', { token_endpoint_auth_signing_alg: 'HS256' }),
    no('an age below nothing', { default_max_age: -1 }),
    no('an age that is no number', { default_max_age: 'x' }),
    no('levels that are no list', { default_acr_values: 'x' }),
    no('a beginning over plain http', { initiate_login_uri: 'http://shop.example/' }),
    no('yes in letters', { require_auth_time: 'yes' }),
  ]),
  ...everywhere(saying, 'OpenID Connect Back-Channel Logout, section 2.2', [
    no('an end that is told over plain http', { backchannel_logout_uri: 'http://shop.example/' }),
    no('an end that is told inside', { backchannel_logout_uri: 'https://10.0.0.1/' }),
    no('an end that is told nowhere', { backchannel_logout_uri: 'x' }),
  ]),
  ...everywhere(saying, 'OpenID Connect RP-Initiated Logout, section 3.1', [
    no('a way back that is no address', { post_logout_redirect_uris: ['x'] }),
    no('a way back over plain http', { post_logout_redirect_uris: ['http://shop.example/'] }),
  ]),
  ...everywhere(saying, 'RFC 8705, section 2.1.2', [
    no('a certificate of no subject', { token_endpoint_auth_method: 'tls_client_auth' }),
    no('a subject without a certificate', { tls_client_auth_san_dns: 'shop.example' }),
  ]),
  ...everywhere(saying, 'RFC 7591, section 2.3', [
    no(
      'a statement about software',
      { software_statement: 'e30.e30.x' },
      '400 unapproved_software_statement',
    ),
    no('a statement that is none', { software_statement: 1 }, '400 unapproved_software_statement'),
  ]),
  ...everywhere(
    ['register', 'registration: GET', 'registration: PUT', 'registration: DELETE'],
    'RFC 6750, section 3.1',
    [
      { what: 'no token', headers: { authorization: null }, says: token },
      { what: 'a token that there is not', headers: { authorization: 'Bearer guess' }, says: token },
      { what: 'an empty token', headers: { authorization: 'Bearer ' }, says: token },
      { what: 'another scheme', headers: { authorization: 'Basic eDp5' }, says: token },
      { what: 'a token of a person', headers: { authorization: 'elsewhere' }, says: token },
    ],
  ),
  ...rows('register', 'RFC 7591, section 3', [
    { what: 'a token that looks after another', headers: { authorization: 'registered' }, says: token },
    { what: 'GET', method: 'GET', says: '405' },
    { what: 'PUT', method: 'PUT', says: '405' },
    { what: 'DELETE', method: 'DELETE', says: '405' },
    { what: 'a form', headers: { 'content-type': 'application/x-www-form-urlencoded' }, says: request },
    { what: 'plain text', headers: { 'content-type': 'text/plain' }, says: request },
  ]),
  ...everywhere(['registration: GET', 'registration: PUT', 'registration: DELETE'], 'RFC 7592, section 2', [
    { what: 'the token that it began with', headers: { authorization: 'initial' }, says: token },
    { what: 'a token that looks after another', headers: { authorization: 'registered' }, says: token },
    { what: 'POST', method: 'POST', says: '405' },
  ]),
  ...rows('registration: PUT', 'RFC 7592, section 2.2', [
    no('no client', { client_id: null }, request),
    no('another client', { client_id: 'shop' }, request),
    no('a secret that it has not', { client_secret: 'guess' }, request),
    no('its token', { registration_access_token: 'x' }, request),
    no('its address', { registration_client_uri: 'https://shop.example/' }, request),
    no('the end of its secret', { client_secret_expires_at: 0 }, request),
    no('the time of its making', { client_id_issued_at: 1 }, request),
  ]),
]
