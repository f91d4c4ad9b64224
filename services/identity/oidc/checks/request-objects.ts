/** Requests that are signed (RFC 9101): what is not covered by the signature of their client counts for nothing. */
import { rows, type Check } from './check.ts'

const ways = [
  ['authorize: request', 'back'],
  ['par: request', '400'],
] as const

export const requestObjectChecks: readonly Check[] = ways.flatMap(([at, to]) => [
  ...rows(at, 'RFC 9101, section 6.2', [
    {
      what: 'signed by another key',
      form: { request: { foreign: true } },
      says: `${to} invalid_request_object`,
    },
    { what: 'not signed', form: { request: { bare: true } }, says: `${to} invalid_request_object` },
    { what: 'nonsense', form: { request: 'nonsense' }, says: `${to} invalid_request_object` },
    { what: 'over', form: { request: { claims: { exp: -60 } } }, says: `${to} invalid_request_object` },
    { what: 'not yet', form: { request: { claims: { nbf: 600 } } }, says: `${to} invalid_request_object` },
    {
      what: 'of another client',
      form: { request: { claims: { iss: 'other' } } },
      says: `${to} invalid_request_object`,
    },
    {
      what: 'for another provider',
      form: { request: { claims: { aud: 'https://other.example' } } },
      says: `${to} invalid_request_object`,
    },
    {
      what: 'for nobody',
      form: { request: { claims: { aud: null } } },
      says: `${to} invalid_request_object`,
    },
  ]),
  ...rows(at, 'RFC 9101, section 4', [
    {
      what: 'a request within',
      form: { request: { claims: { request: 'x' } } },
      says: `${to} invalid_request_object`,
    },
    {
      what: 'an address of a request within',
      form: { request: { claims: { request_uri: 'urn:x' } } },
      says: `${to} invalid_request_object`,
    },
    {
      what: 'another client within',
      form: { request: { claims: { client_id: 'other' } } },
      says: `${to} invalid_request_object`,
    },
  ]),
  ...rows(at, 'RFC 9101, section 10.5', [
    {
      what: 'no signed request, where it was registered',
      form: { request: null },
      says: `${to} invalid_request`,
    },
  ]),
  ...rows(at, 'RFC 9101, section 5', [
    {
      what: 'both a request and its address',
      form: { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      says: to === 'back' ? 'back invalid_request' : '400 request_uri_not_supported',
    },
    {
      what: 'PKCE missing within',
      form: { request: { claims: { code_challenge: null, code_challenge_method: null } } },
      says: `${to} invalid_request`,
    },
    {
      what: 'a type within that we do not have',
      form: { request: { claims: { response_type: 'token' } } },
      says: `${to} unsupported_response_type`,
    },
  ]),
])
