/** Requests to people who are elsewhere (OpenID Connect Client-Initiated Backchannel Authentication Core 1.0). */
import { rows, type Check } from './check.ts'

const invalid = '400 invalid_request'
const claims = (broken: Readonly<Record<string, unknown>>) => ({ form: { request: { claims: broken } } })

export const backchannelChecks: readonly Check[] = [
  ...rows('backchannel', 'CIBA Core 1.0, section 7.1', [
    { what: 'no scope', form: { scope: null }, says: invalid },
    { what: 'a scope without openid', form: { scope: 'email' }, says: invalid },
    { what: 'a scope that was not registered', form: { scope: 'openid phone' }, says: '400 invalid_scope' },
    { what: 'a scope of signs that none has', form: { scope: 'open"id' }, says: '400 invalid_scope' },
    { what: 'a scope twice', form: { scope: ['openid', 'openid'] }, says: invalid },
    { what: 'no hint', form: { login_hint: null }, says: invalid },
    { what: 'an empty hint', form: { login_hint: '' }, says: invalid },
    { what: 'a hint twice', form: { login_hint: ['a@example.org', 'b@example.org'] }, says: invalid },
    { what: 'two kinds of hints', form: { id_token_hint: {} }, says: invalid },
    {
      what: 'two kinds of hints, one of them not understood',
      form: { login_hint_token: 'x' },
      says: invalid,
    },
    {
      what: 'a hint of a kind that is not understood',
      form: { login_hint: null, login_hint_token: 'x' },
      says: invalid,
    },
    {
      what: 'an ID token for a hint that is none',
      form: { login_hint: null, id_token_hint: 'nonsense' },
      says: invalid,
    },
    {
      what: 'an ID token for a hint that somebody else signed',
      form: { login_hint: null, id_token_hint: { foreign: true } },
      says: invalid,
    },
    {
      what: 'an ID token for a hint that nobody signed',
      form: { login_hint: null, id_token_hint: { bare: true } },
      says: invalid,
    },
    { what: 'a code of the user', form: { user_code: '1234' }, says: invalid },
    { what: 'a life of nothing', form: { requested_expiry: '0' }, says: invalid },
    { what: 'a life of less than nothing', form: { requested_expiry: '-1' }, says: invalid },
    { what: 'a life of a part of a second', form: { requested_expiry: '1.5' }, says: invalid },
    { what: 'a life that is no number', form: { requested_expiry: 'soon' }, says: invalid },
    { what: 'an age that is no number', form: { max_age: 'x' }, says: invalid },
    { what: 'claims that are no JSON', form: { claims: 'x' }, says: invalid },
    { what: 'GET', method: 'GET', says: '405' },
    { what: 'PUT', method: 'PUT', says: '405' },
    { what: 'JSON', headers: { 'content-type': 'application/json' }, says: invalid },
    { what: 'plain text', headers: { 'content-type': 'text/plain' }, says: invalid },
  ]),
  ...rows('backchannel', 'CIBA Core 1.0, section 13', [
    {
      what: 'a hint that is neither an address nor a kennitala',
      form: { login_hint: 'somebody' },
      says: '400 unknown_user_id',
    },
    {
      what: 'a client that has no such grant',
      headers: { authorization: 'simple' },
      says: '400 unauthorized_client',
    },
    {
      what: 'a message that is too long',
      form: { binding_message: 'x'.repeat(65) },
      says: '400 invalid_binding_message',
    },
    {
      what: 'a message of two lines',
      form: { binding_message: 'a\nb' },
      says: '400 invalid_binding_message',
    },
    {
      what: 'a message with a mark that turns it',
      form: { binding_message: 'a\u202eb' },
      says: '400 invalid_binding_message',
    },
    {
      what: 'a message with spaces around it',
      form: { binding_message: ' a ' },
      says: '400 invalid_binding_message',
    },
    { what: 'a message in markup', form: { binding_message: '<b>a' }, says: '400 invalid_binding_message' },
    { what: 'a message twice', form: { binding_message: ['a', 'b'] }, says: invalid },
  ]),
  ...rows('backchannel', 'RFC 8707, section 2', [
    {
      what: 'a server that it is not registered for',
      form: { resource: 'https://other.example/' },
      says: '400 invalid_target',
    },
    { what: 'a server that is no address', form: { resource: 'calendar' }, says: '400 invalid_target' },
  ]),
  ...rows('backchannel', 'RFC 9396, section 5', [
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
  ...rows('backchannel: ping', 'CIBA Core 1.0, section 7.1', [
    { what: 'no word to be told with', form: { client_notification_token: null }, says: invalid },
    { what: 'an empty word', form: { client_notification_token: '' }, says: invalid },
    {
      what: 'a word of signs that none has',
      form: { client_notification_token: 'two words' },
      says: invalid,
    },
    { what: 'a word that is too long', form: { client_notification_token: 'x'.repeat(1025) }, says: invalid },
    { what: 'two words', form: { client_notification_token: ['x', 'y'] }, says: invalid },
  ]),
  ...rows('backchannel: request', 'CIBA Core 1.0, section 7.1.1', [
    { what: 'signed by another key', form: { request: { foreign: true } }, says: invalid },
    { what: 'not signed', form: { request: { bare: true } }, says: invalid },
    { what: 'nonsense', form: { request: 'nonsense' }, says: invalid },
    {
      what: 'nothing signed, where it was registered',
      form: { request: null, scope: 'openid' },
      says: invalid,
    },
    { what: 'for nobody', ...claims({ aud: null }), says: invalid },
    { what: 'for another provider', ...claims({ aud: 'https://other.example' }), says: invalid },
    { what: 'of nobody', ...claims({ iss: null }), says: invalid },
    { what: 'of another client', ...claims({ iss: 'other' }), says: invalid },
    { what: 'without an end', ...claims({ exp: null }), says: invalid },
    { what: 'over', ...claims({ exp: -60 }), says: invalid },
    { what: 'good for a day', ...claims({ exp: 86_400 }), says: invalid },
    { what: 'without the time of its making', ...claims({ iat: null }), says: invalid },
    { what: 'without a beginning', ...claims({ nbf: null }), says: invalid },
    { what: 'not yet', ...claims({ nbf: 600 }), says: invalid },
    { what: 'without a name of its own', ...claims({ jti: null }), says: invalid },
    { what: 'a request within', ...claims({ request: 'x' }), says: invalid },
    { what: 'no scope within', ...claims({ scope: null }), says: invalid },
    { what: 'no hint within', ...claims({ login_hint: null }), says: invalid },
    {
      what: 'an address of a request beside it',
      form: { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      says: '400 request_uri_not_supported',
    },
  ]),
  ...rows('token: ciba', 'CIBA Core 1.0, section 10.1', [
    { what: 'no name of a request', form: { auth_req_id: null }, says: invalid },
    { what: 'an empty name', form: { auth_req_id: '' }, says: invalid },
    { what: 'two names', form: { auth_req_id: ['x', 'y'] }, says: invalid },
  ]),
  ...rows('token: ciba', 'CIBA Core 1.0, section 11', [
    { what: 'a request that there is not', form: { auth_req_id: 'x'.repeat(43) }, says: '400 invalid_grant' },
    { what: 'a request of another client', headers: { authorization: 'other' }, says: '400 invalid_grant' },
  ]),
]
