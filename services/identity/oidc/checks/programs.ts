/** What a program is given for its key (RFC 8693, with a kind of subject token of our own). */
import { rows, type Check } from './check.ts'

const at = 'token: api-key' as const
const request = '400 invalid_request'
const target = '400 invalid_target'
const other = 'https://other.example/'
const kind = (name: string) => `urn:ietf:params:oauth:token-type:${name}`

export const programChecks: readonly Check[] = [
  ...rows(at, 'RFC 8693, section 2.1', [
    { what: 'no key', form: { subject_token: null }, says: request },
    { what: 'an empty key', form: { subject_token: '' }, says: request },
    { what: 'two keys', form: { subject_token: ['x', 'y'] }, says: request },
    { what: 'no type of it', form: { subject_token_type: null }, says: '400 unauthorized_client' },
    { what: 'another type', form: { subject_token_type: kind('jwt') }, says: '400 unauthorized_client' },
    { what: 'an actor', form: { actor_token: 'x', actor_token_type: kind('jwt') }, says: request },
    { what: 'a type of an actor', form: { actor_token_type: kind('jwt') }, says: request },
    { what: 'a refresh token wanted', form: { requested_token_type: kind('refresh_token') }, says: request },
    { what: 'an ID token wanted', form: { requested_token_type: kind('id_token') }, says: request },
  ]),
  ...rows(at, 'RFC 8693, section 2.2.2', [
    { what: 'nonsense', form: { subject_token: 'nonsense' }, says: request },
    { what: 'a key of another form', form: { subject_token: `althing_${'0'.repeat(66)}` }, says: request },
    {
      what: 'a key with another checksum',
      form: { subject_token: `althing_${'0'.repeat(16)}.${'0'.repeat(49)}` },
      says: request,
    },
    { what: 'a token of a person', form: { subject_token: 'jwt' }, says: request },
    { what: 'an unknown server', form: { resource: 'https://nobody.example/' }, says: target },
    { what: 'a server that the key is not for', form: { resource: other }, says: target },
    { what: 'two servers', form: { resource: ['https://api.example/', other] }, says: target },
    {
      what: 'two servers by two names',
      form: { resource: 'https://api.example/', audience: other },
      says: target,
    },
    { what: 'a server that is no address', form: { resource: 'x' }, says: target },
    { what: 'more than it may there', form: { scope: 'read write' }, says: '400 invalid_scope' },
    { what: 'a scope of our own doors there', form: { scope: 'settings.read' }, says: '400 invalid_scope' },
  ]),
  ...rows(at, 'decisions/0025', [
    { what: 'no purpose', form: { purpose: null }, says: request },
    { what: 'a purpose of a word', form: { purpose: 'bills' }, says: request },
    { what: 'a purpose of two lines', form: { purpose: 'The bills\nof November' }, says: request },
    { what: 'two purposes', form: { purpose: ['The bills of May', 'The bills of June'] }, says: request },
    { what: 'a life that is no number', form: { expires_in: 'long' }, says: request },
    { what: 'a life of nothing', form: { expires_in: '0' }, says: request },
    { what: 'a life that is too long', form: { expires_in: '3601' }, says: request },
    { what: 'another client', form: { client_id: 'shop' }, says: '401 invalid_client' },
    { what: 'no client', form: { client_id: null }, says: '400 invalid_request' },
    { what: 'another grant', form: { grant_type: 'client_credentials' }, says: '400 unauthorized_client' },
  ]),
]
