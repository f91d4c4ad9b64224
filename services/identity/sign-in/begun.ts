/** How somebody came in, as their list of sessions says it. */
export type SessionMethod = 'password' | 'passkey' | 'link' | 'eid' | 'connector'

/** A session that has just begun, and the cookie that carries it. */
export interface Begun {
  readonly session: {
    readonly id: string
    readonly account: string
    readonly acr: string
    readonly amr: readonly string[]
    readonly authTime: Date
    readonly method: SessionMethod
  }
  readonly token: string
}
