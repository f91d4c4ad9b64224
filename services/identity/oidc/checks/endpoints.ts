/** What is asked about tokens (RFC 7009, 7662), for devices (RFC 8628), and at the end (OpenID Connect RP-Initiated Logout). */
import { everywhere, rows, type Check } from './check.ts'

export const endpointChecks: readonly Check[] = [
  ...everywhere(['introspect', 'revoke'], 'RFC 7662, section 2.1, and RFC 7009, section 2.1', [
    { what: 'no token', form: { token: null }, says: '400 invalid_request' },
    { what: 'an empty token', form: { token: '' }, says: '400 invalid_request' },
    { what: 'two tokens', form: { token: ['x', 'y'] }, says: '400 invalid_request' },
    {
      what: 'two hints',
      form: { token_type_hint: ['access_token', 'refresh_token'] },
      says: '400 invalid_request',
    },
    { what: 'GET', method: 'GET', says: '405' },
    { what: 'JSON', headers: { 'content-type': 'application/json' }, says: '400 invalid_request' },
    { what: 'a token that everybody can check', form: { token: 'jwt' }, says: '400 unsupported_token_type' },
  ]),
  ...rows('introspect', 'RFC 7662, section 2.2', [
    { what: 'a token that there is not', form: { token: 'x'.repeat(43) }, says: '200 inactive' },
    { what: 'a token of another client', headers: { authorization: 'other' }, says: '200 inactive' },
    {
      what: 'a token that there is not, with a hint',
      form: { token: 'x'.repeat(43), token_type_hint: 'refresh_token' },
      says: '200 inactive',
    },
    { what: 'a hint that we do not know', form: { token_type_hint: 'magic' }, says: '200 active' },
    { what: 'the wrong hint', form: { token_type_hint: 'refresh_token' }, says: '200 active' },
  ]),
  ...rows('revoke', 'RFC 7009, section 2.2', [
    { what: 'a token that there is not', form: { token: 'x'.repeat(43) }, says: '200 done' },
    { what: 'a hint that we do not know', form: { token_type_hint: 'magic' }, says: '200 done' },
    { what: 'a token of another client', headers: { authorization: 'other' }, says: '400 invalid_request' },
  ]),
  ...rows('device', 'RFC 8628, section 3.1', [
    { what: 'a scope that was not registered', form: { scope: 'openid phone' }, says: '400 invalid_scope' },
    { what: 'a scope of signs that none has', form: { scope: 'open"id' }, says: '400 invalid_scope' },
    {
      what: 'a client that has no such grant',
      headers: { authorization: 'simple' },
      says: '400 unauthorized_client',
    },
    {
      what: 'a server that it is not registered for',
      form: { resource: 'https://other.example/' },
      says: '400 invalid_target',
    },
    {
      what: 'details of an unknown type',
      form: { authorization_details: '[{"type":"magic"}]' },
      says: '400 invalid_authorization_details',
    },
    { what: 'GET', method: 'GET', says: '405' },
    { what: 'a scope twice', form: { scope: ['openid', 'openid'] }, says: '400 invalid_request' },
  ]),
  ...rows('logout', 'OpenID Connect RP-Initiated Logout, section 2', [
    { what: 'a hint that is no token', form: { id_token_hint: 'nonsense' }, says: 'page 400' },
    {
      what: 'a hint that somebody else signed',
      form: { id_token_hint: { foreign: true } },
      says: 'page 400',
    },
    { what: 'a hint that nobody signed', form: { id_token_hint: { bare: true } }, says: 'page 400' },
    { what: 'a hint for another client than is named', form: { client_id: 'other' }, says: 'page 400' },
    { what: 'an unknown client', form: { id_token_hint: null, client_id: 'nobody' }, says: 'page 400' },
    {
      what: 'two addresses',
      form: { post_logout_redirect_uri: ['https://shop.example/bye', 'https://evil.example/'] },
      says: 'page 400',
    },
  ]),
  ...rows('logout', 'OpenID Connect RP-Initiated Logout, section 3', [
    {
      what: 'an address of somebody else',
      form: { post_logout_redirect_uri: 'https://evil.example/' },
      says: 'page 400',
    },
    {
      what: 'an address that begins alike',
      form: { post_logout_redirect_uri: 'https://shop.example/bye/x' },
      says: 'page 400',
    },
    {
      what: 'an address with a query',
      form: { post_logout_redirect_uri: 'https://shop.example/bye?x' },
      says: 'page 400',
    },
    {
      what: 'an address of sign-ins, not of sign-outs',
      form: { post_logout_redirect_uri: 'https://shop.example/callback' },
      says: 'page 400',
    },
  ]),
]
