/** Proofs of a key: DPoP (RFC 9449, section 4.3, its points as they are numbered there), and bearer tokens where no proof is (RFC 6750). */
import { rows, type Check, type Row } from './check.ts'

/** At the token endpoint a mistake in the request, at a server of resources a token that does not count (sections 5 and 7.1). */
const places = [
  ['token: DPoP', '400'],
  ['userinfo: DPoP', '401'],
] as const

const broken: readonly Row[] = [
  { what: '2. no JWT', headers: { dpop: 'nonsense' }, says: 'invalid_dpop_proof' },
  {
    what: '3. no time',
    headers: { dpop: { claims: { iat: null } } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '3. no name of its own',
    headers: { dpop: { claims: { jti: null } } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '3. no method',
    headers: { dpop: { claims: { htm: null } } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '3. no address',
    headers: { dpop: { claims: { htu: null } } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '4. another type',
    headers: { dpop: { header: { typ: 'jwt' } } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '4. no type',
    headers: { dpop: { header: { typ: null } } },
    says: 'invalid_dpop_proof',
  },
  { what: '5. not signed', headers: { dpop: { bare: true } }, says: 'invalid_dpop_proof' },
  {
    what: '6. signed by another key than it names',
    headers: { dpop: { foreign: true } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '6. names no key',
    headers: { dpop: { header: { jwk: null } } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '8. another method',
    headers: { dpop: { claims: { htm: 'DELETE' } } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '9. another address',
    headers: { dpop: { claims: { htu: 'https://other.example/' } } },
    says: 'invalid_dpop_proof',
  },
  {
    what: '10. a word that we did not give',
    headers: { dpop: { claims: { nonce: 'x'.repeat(43) } } },
    says: 'use_dpop_nonce',
  },
  {
    what: '10. no word',
    headers: { dpop: { claims: { nonce: null } } },
    says: 'use_dpop_nonce',
  },
  {
    what: '10. a word that is none',
    headers: { dpop: { claims: { nonce: 7 } } },
    says: 'invalid_dpop_proof',
  },
]

export const proofChecks: readonly Check[] = [
  ...places.flatMap(([at, status]) =>
    rows(
      at,
      'RFC 9449, section 4.3',
      broken.map((row) => ({ ...row, says: `${status} ${row.says}` })),
    ),
  ),
  ...rows('token: DPoP', 'RFC 9449, section 5', [
    { what: 'no proof, where tokens are to be bound', headers: { dpop: null }, says: '400 invalid_grant' },
  ]),
  ...rows('userinfo: DPoP', 'RFC 9449, section 7.1', [
    {
      what: '12. for another token',
      headers: { dpop: { claims: { ath: 'x'.repeat(43) } } },
      says: '401 invalid_dpop_proof',
    },
    {
      what: '12. for no token',
      headers: { dpop: { claims: { ath: null } } },
      says: '401 invalid_dpop_proof',
    },
    { what: 'no proof', headers: { dpop: null }, says: '400 invalid_request' },
  ]),
  ...rows('userinfo', 'RFC 6750, section 3.1', [
    { what: 'no token', headers: { authorization: null }, says: '401 invalid_token' },
    {
      what: 'a token that there is not',
      headers: { authorization: `Bearer ${'x'.repeat(43)}` },
      says: '401 invalid_token',
    },
    { what: 'another scheme', headers: { authorization: 'Basic x' }, says: '400 invalid_request' },
    { what: 'a scheme without a token', headers: { authorization: 'Bearer' }, says: '400 invalid_request' },
    {
      what: 'a token for another server',
      headers: { authorization: 'elsewhere' },
      says: '401 invalid_token',
    },
    { what: 'a token of no person', headers: { authorization: 'machine' }, says: '401 invalid_token' },
    {
      what: 'a token that was not allowed to ask',
      headers: { authorization: 'narrow' },
      says: '403 insufficient_scope',
    },
    { what: 'a refresh token', headers: { authorization: 'refresh' }, says: '401 invalid_token' },
    { what: 'another method', method: 'PUT', says: '405' },
  ]),
  ...rows('userinfo', 'RFC 9700, section 4.3.2', [
    {
      what: 'a token in the address',
      form: { access_token: 'x'.repeat(43) },
      headers: { authorization: null },
      says: '400 invalid_request',
    },
  ]),
]
