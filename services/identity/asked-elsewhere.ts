/** What those who ask somebody who is elsewhere (OpenID CIBA Core 1.0) and the engine that keeps the question have in common. */

/** What lies sealed with the engine. */
export interface AskedFor {
  readonly scopes: readonly string[]
  /** The addresses of the servers that the token is to be for (RFC 8707). */
  readonly resources: readonly string[]
  readonly message: string | null
  readonly levels: string | null
  readonly details: readonly Readonly<Record<string, unknown>>[]
  /** What the application wants to be shown when it is told (section 7.1). */
  readonly token: string | null
}

/** How whoever allows it has proven who they are. */
export interface Proof {
  readonly acr: string
  readonly amr: readonly string[]
  readonly authTime: Date
}

/** And what of it they allow. */
export interface Allowed extends Proof {
  readonly given: readonly string[]
  readonly refused: readonly string[]
}
