/**
 * The table of checks: an endpoint, what is broken in an otherwise good request, and what is answered. Each row names the section that
 * asks for it. It is run against the real service (checks.test.ts) and printed into the manual, so that neither can say what the other
 * does not.
 */

/** Each has a good request, which `goods.ts` of the tests makes anew for every row. */
export type At =
  | 'authorize'
  | 'par'
  | 'token: authorization_code'
  | 'token: refresh_token'
  | 'token: client_credentials'
  | 'token: device_code'
  | 'token: token-exchange'
  | 'token: api-key'
  | 'token: jwt-bearer'
  | 'token: private_key_jwt'
  | 'par: private_key_jwt'
  | 'introspect: private_key_jwt'
  | 'revoke: private_key_jwt'
  | 'device: private_key_jwt'
  | 'token: DPoP'
  | 'userinfo: DPoP'
  | 'authorize: request'
  | 'par: request'
  | 'introspect'
  | 'revoke'
  | 'device'
  | 'userinfo'
  | 'logout'
  | 'backchannel'
  | 'backchannel: private_key_jwt'
  | 'backchannel: ping'
  | 'backchannel: request'
  | 'token: ciba'
  | 'register'
  | 'registration: GET'
  | 'registration: PUT'
  | 'registration: DELETE'

/** A signed value as it ought to be, but for these claims and this header. Seconds are from now; null is left out. */
export interface Signed {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  /** With a key that nobody registered. */
  readonly foreign?: true
  /** Without any signature. */
  readonly bare?: true
}

export type Value = string | Signed

export interface Check {
  readonly at: At
  /** The standard and its section. */
  readonly section: string
  readonly what: string
  /** Null: is not there. A list: is there so often. */
  readonly form?: Readonly<Record<string, Value | null | readonly Value[]>>
  /** Of a body that is JSON. Null: is not there. */
  readonly json?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, Value | null>>
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /**
   * `400 invalid_request`: status and error of an answer; `back invalid_request`: the browser is sent back with it; `page 400`: the
   * browser is sent nowhere.
   */
  readonly says: string
}

export type Row = Omit<Check, 'at' | 'section'>

/** Rows of one section at one endpoint. */
export const rows = (at: At, section: string, all: readonly Row[]): Check[] =>
  all.map((row) => ({ at, section, ...row }))

/** A section that several endpoints have to keep. */
export const everywhere = (ats: readonly At[], section: string, all: readonly Row[]): Check[] =>
  ats.flatMap((at) => rows(at, section, all))
