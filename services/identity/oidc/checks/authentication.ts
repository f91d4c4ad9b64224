/** How an application proves that it is itself (RFC 6749, section 2.3; RFC 7523, section 2.2 and 3; RFC 8725), at every endpoint that asks. */
import { everywhere, type At, type Check } from './check.ts'

const bySecret: readonly At[] = [
  'token: client_credentials',
  'par',
  'introspect',
  'revoke',
  'device',
  'backchannel',
]
const byKey: readonly At[] = [
  'token: private_key_jwt',
  'par: private_key_jwt',
  'introspect: private_key_jwt',
  'revoke: private_key_jwt',
  'device: private_key_jwt',
  'backchannel: private_key_jwt',
]
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
const refused = '401 invalid_client'

export const authenticationChecks: readonly Check[] = [
  ...everywhere(bySecret, 'RFC 6749, section 2.3.1', [
    {
      what: 'no proof',
      headers: { authorization: null },
      form: { client_id: null },
      says: '400 invalid_request',
    },
    { what: 'only the name', headers: { authorization: null }, form: { client_id: 'shop' }, says: refused },
    { what: 'a wrong secret', headers: { authorization: basic('shop:guess') }, says: refused },
    { what: 'an empty secret', headers: { authorization: basic('shop:') }, says: '400 invalid_request' },
    {
      what: 'an unknown client',
      headers: { authorization: basic('nobody:guess') },
      form: { client_id: null },
      says: refused,
    },
    { what: 'no colon', headers: { authorization: basic('shop') }, says: '400 invalid_request' },
    { what: 'no base64', headers: { authorization: 'Basic ***' }, says: '400 invalid_request' },
    { what: 'another scheme', headers: { authorization: 'Bearer x' }, says: '400 invalid_request' },
    { what: 'two proofs at once', form: { client_secret: 'guess' }, says: '400 invalid_request' },
    { what: 'another name beside the proof', form: { client_id: 'other' }, says: '400 invalid_request' },
    { what: 'a name twice', form: { client_id: ['shop', 'shop'] }, says: '400 invalid_request' },
    {
      what: 'an assertion of one that has a secret',
      headers: { authorization: null },
      form: {
        client_assertion: { claims: { iss: 'shop', sub: 'shop' } },
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      },
      says: refused,
    },
  ]),
  ...everywhere(byKey, 'RFC 7523, section 3', [
    { what: '1. another issuer', form: { client_assertion: { claims: { iss: 'shop' } } }, says: refused },
    { what: '1. no issuer', form: { client_assertion: { claims: { iss: null } } }, says: refused },
    {
      what: '2. another subject',
      form: { client_id: null, client_assertion: { claims: { sub: 'shop' } } },
      says: refused,
    },
    { what: '2. no subject', form: { client_assertion: { claims: { sub: null } } }, says: refused },
    {
      what: '3. for another audience',
      form: { client_assertion: { claims: { aud: 'https://other.example' } } },
      says: refused,
    },
    { what: '3. for no audience', form: { client_assertion: { claims: { aud: null } } }, says: refused },
    { what: '4. over', form: { client_assertion: { claims: { exp: -60 } } }, says: refused },
    { what: '4. without an end', form: { client_assertion: { claims: { exp: null } } }, says: refused },
    { what: '4. good for a day', form: { client_assertion: { claims: { exp: 86_400 } } }, says: refused },
    { what: '5. not yet', form: { client_assertion: { claims: { nbf: 600 } } }, says: refused },
    {
      what: '7. without a name of its own',
      form: { client_assertion: { claims: { jti: null } } },
      says: refused,
    },
    { what: '9. signed by another key', form: { client_assertion: { foreign: true } }, says: refused },
    { what: '9. not signed', form: { client_assertion: { bare: true } }, says: refused },
    { what: 'not an assertion', form: { client_assertion: 'nonsense' }, says: '400 invalid_request' },
  ]),
  ...everywhere(byKey, 'RFC 7521, section 4.2', [
    { what: 'no type of assertion', form: { client_assertion_type: null }, says: '400 invalid_request' },
    {
      what: 'another type of assertion',
      form: { client_assertion_type: 'urn:example:saml' },
      says: '400 invalid_request',
    },
    { what: 'a secret beside it', form: { client_secret: 'guess' }, says: '400 invalid_request' },
    {
      what: 'a secret instead',
      form: {
        client_assertion: null,
        client_assertion_type: null,
        client_secret: 'guess',
        client_id: 'keyed',
      },
      says: refused,
    },
    {
      what: 'only the name',
      form: { client_assertion: null, client_assertion_type: null, client_id: 'keyed' },
      says: refused,
    },
  ]),
]
