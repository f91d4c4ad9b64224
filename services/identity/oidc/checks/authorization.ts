/** What a request for authorization has to be (RFC 6749, 7636, 8707, 9207, 9396, 9449, 9700; OpenID Connect Core), sent or pushed. */
import { rows, type Check, type Row } from './check.ts'

const bothWays = (section: string, all: readonly Row[]): Check[] => [
  ...rows(
    'authorize',
    section,
    all.map((row) => ({ ...row, says: row.says.replace(/^page 400 .*/, 'page 400') })),
  ),
  // Pushed, the same is told to the application instead of the browser (RFC 9126, section 2.3).
  ...rows(
    'par',
    section,
    all.map((row) => ({ ...row, says: row.says.replace(/^back /, '400 ').replace(/^page 400 /, '400 ') })),
  ),
]

const repeated = [
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'max_age',
  'ui_locales',
  'acr_values',
  'login_hint',
  'claims',
  'response_mode',
]

export const authorizationChecks: readonly Check[] = [
  ...rows('authorize', 'OpenID Connect Core, section 3.1.2.1', [
    { what: 'as a form: it goes on as a query', method: 'POST', form: {}, says: 'on to /oauth/authorize' },
    { what: 'as JSON', method: 'POST', headers: { 'content-type': 'application/json' }, says: 'page 415' },
    {
      what: 'as a form without a kind',
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      says: 'page 415',
    },
    {
      what: 'a form with something twice',
      method: 'POST',
      form: { scope: ['openid', 'openid'] },
      says: 'page 400',
    },
    {
      what: 'a form too long for an address',
      method: 'POST',
      form: { nonce: 'x'.repeat(9000) },
      says: 'page 413',
    },
    {
      what: 'a form that grows too long',
      method: 'POST',
      form: { nonce: '"'.repeat(3000) },
      says: 'page 413',
    },
  ]),
  ...rows('authorize', 'RFC 6749, section 4.1.2.1', [
    { what: 'an unknown client', form: { client_id: 'nobody' }, says: 'page 400' },
    { what: 'no client', form: { client_id: null }, says: 'page 400' },
    { what: 'a client that is no word', form: { client_id: 'shop\u0000' }, says: 'page 400' },
    { what: 'an empty client', form: { client_id: '' }, says: 'page 400' },
    { what: 'another way to ask', method: 'PUT', says: '405' },
  ]),
  ...bothWays('RFC 6749, section 4.1.1', [
    { what: 'no type', form: { response_type: null }, says: 'back invalid_request' },
    { what: 'an unknown type', form: { response_type: 'magic' }, says: 'back unsupported_response_type' },
    { what: 'an empty type', form: { response_type: '' }, says: 'back invalid_request' },
  ]),
  ...bothWays('RFC 9700, section 2.1.2', [
    {
      what: 'a token from the front',
      form: { response_type: 'token' },
      says: 'back unsupported_response_type',
    },
    {
      what: 'an ID token from the front',
      form: { response_type: 'id_token' },
      says: 'back unsupported_response_type',
    },
    {
      what: 'a code and a token',
      form: { response_type: 'code token' },
      says: 'back unsupported_response_type',
    },
    {
      what: 'a code and an ID token',
      form: { response_type: 'code id_token' },
      says: 'back unsupported_response_type',
    },
    {
      what: 'all three',
      form: { response_type: 'code id_token token' },
      says: 'back unsupported_response_type',
    },
    { what: 'nothing at all', form: { response_type: 'none' }, says: 'back unsupported_response_type' },
  ]),
  ...bothWays('RFC 7636, section 4.4.1', [
    {
      what: 'no challenge',
      form: { code_challenge: null, code_challenge_method: null },
      says: 'back invalid_request',
    },
    { what: 'a method without a challenge', form: { code_challenge: null }, says: 'back invalid_request' },
    {
      what: 'a challenge without a method, which would be plain',
      form: { code_challenge_method: null },
      says: 'back invalid_request',
    },
    { what: 'a plain challenge', form: { code_challenge_method: 'plain' }, says: 'back invalid_request' },
    { what: 'an unknown method', form: { code_challenge_method: 'S512' }, says: 'back invalid_request' },
    {
      what: 'a challenge that is too short',
      form: { code_challenge: 'x'.repeat(42) },
      says: 'back invalid_request',
    },
    {
      what: 'a challenge that is too long',
      form: { code_challenge: 'x'.repeat(129) },
      says: 'back invalid_request',
    },
    {
      what: 'a challenge of other signs',
      form: { code_challenge: `${'x'.repeat(42)}+` },
      says: 'back invalid_request',
    },
  ]),
  ...bothWays('RFC 6749, section 3.3', [
    { what: 'a scope that was not registered', form: { scope: 'openid phone' }, says: 'back invalid_scope' },
    { what: 'a scope of signs that none has', form: { scope: 'openid "x"' }, says: 'back invalid_scope' },
  ]),
  ...bothWays('OpenID Connect Core, section 3.1.2.1', [
    { what: 'no question and one at once', form: { prompt: 'none login' }, says: 'back invalid_request' },
    { what: 'a question that we do not know', form: { prompt: 'whatever' }, says: 'back invalid_request' },
    { what: 'an age that is no number', form: { max_age: 'soon' }, says: 'back invalid_request' },
    { what: 'an age below nothing', form: { max_age: '-1' }, says: 'back invalid_request' },
    { what: 'a hint that is no token', form: { id_token_hint: 'nonsense' }, says: 'back invalid_request' },
    {
      what: 'an age, without asking who somebody is',
      form: { scope: 'read', max_age: '1', nonce: null },
      says: 'back invalid_request',
    },
    {
      what: 'a nonce, without asking who somebody is',
      form: { scope: 'read' },
      says: 'back invalid_request',
    },
  ]),
  ...rows('authorize', 'OpenID Connect Core, section 3.1.2.6', [
    {
      what: 'nobody is signed in, and no question is allowed',
      form: { prompt: 'none' },
      says: 'back login_required',
    },
  ]),
  ...bothWays('OpenID Connect Core, section 5.5', [
    { what: 'claims that are no JSON', form: { claims: 'email' }, says: 'back invalid_request' },
    { what: 'claims that are a list', form: { claims: '[]' }, says: 'back invalid_request' },
    { what: 'claims for nowhere', form: { claims: '{"userinfo":"x"}' }, says: 'back invalid_request' },
    {
      what: 'a claim that is asked for by a word',
      form: { claims: '{"userinfo":{"email":"yes"}}' },
      says: 'back invalid_request',
    },
  ]),
  ...bothWays('OpenID Connect Core, section 6.1', [
    {
      what: 'a registration along with it',
      form: { registration: '{}' },
      says: 'back registration_not_supported',
    },
  ]),
  ...bothWays('OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1', [
    {
      what: 'a way to answer that we do not know',
      form: { response_mode: 'pigeon' },
      says: 'back unsupported_response_mode',
    },
    {
      what: 'a message to another window',
      form: { response_mode: 'web_message' },
      says: 'back unsupported_response_mode',
    },
  ]),
  ...bothWays('RFC 8707, section 2', [
    {
      what: 'a server that nobody knows',
      form: { resource: 'https://evil.example/' },
      says: 'back invalid_target',
    },
    {
      what: 'a server that it is not registered for',
      form: { resource: 'https://other.example/' },
      says: 'back invalid_target',
    },
    { what: 'our own doors', form: { resource: 'http://localhost/api' }, says: 'back invalid_target' },
    { what: 'a server that is no address', form: { resource: 'calendar' }, says: 'back invalid_target' },
    {
      what: 'a server with a fragment',
      form: { resource: 'https://api.example/#x' },
      says: 'back invalid_target',
    },
    {
      what: 'one that it may, and one that it may not',
      form: { resource: ['https://api.example/', 'https://evil.example/'] },
      says: 'back invalid_target',
    },
  ]),
  ...bothWays('RFC 9396, section 5', [
    {
      what: 'details that are no JSON',
      form: { authorization_details: 'payment' },
      says: 'back invalid_authorization_details',
    },
    {
      what: 'details that are no list',
      form: { authorization_details: '{"type":"payment"}' },
      says: 'back invalid_authorization_details',
    },
    {
      what: 'details without a type',
      form: { authorization_details: '[{"amount":"1"}]' },
      says: 'back invalid_authorization_details',
    },
    {
      what: 'details of an unknown type',
      form: { authorization_details: '[{"type":"magic"}]' },
      says: 'back invalid_authorization_details',
    },
    {
      what: 'details with a member too many',
      form: { authorization_details: '[{"type":"payment","amount":"1","x":"y"}]' },
      says: 'back invalid_authorization_details',
    },
    {
      what: 'details with a member missing',
      form: { authorization_details: '[{"type":"payment"}]' },
      says: 'back invalid_authorization_details',
    },
    {
      what: 'details with an action that there is not',
      form: { authorization_details: '[{"type":"payment","amount":"1","actions":["steal"]}]' },
      says: 'back invalid_authorization_details',
    },
  ]),
  ...repeated.flatMap((name) =>
    bothWays('RFC 6749, section 3.1', [
      {
        what: `${name} twice`,
        form: { [name]: ['openid', 'openid'] },
        // Where there are two addresses there is none to go back to.
        says: name === 'redirect_uri' ? 'page 400 invalid_request' : 'back invalid_request',
      },
    ]),
  ),
]
