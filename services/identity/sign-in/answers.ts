/** The words of the conversation: who is at the door, what was shown, and what is answered. */
import type { SignInMethod } from '../proofs.ts'
import type { AttemptCookie as Cookie, Kept } from './attempts.ts'
import type { Begun, SessionMethod } from './begun.ts'
import type { Slowed } from './counted.ts'
import type { Attempt } from './schema.ts'

/** What is asked for next, by the name of its page. */
export type NextStep = 'code'

/** Who is at the door, as far as the request tells. */
export interface Visitor<S> {
  readonly network: string
  readonly device: string
  /** What the browser has kept since an earlier sign-in. */
  readonly known: string | undefined
  readonly current: S | null
}

export type Answered =
  | ({ readonly kind: 'in'; readonly place: Attempt['place'] } & Begun)
  | { readonly kind: 'next'; readonly step: NextStep }
  | { readonly kind: 'wrong' | 'expired' }
  | Slowed
  /** Proven, and refused all the same: it looked like somebody else. */
  | { readonly kind: 'blocked'; readonly place: Attempt['place'] }

/** What came of a first proof that came without an attempt: with the one that it began, when it did. */
export interface FirstProven {
  readonly answer: Answered
  readonly kept?: Kept
  readonly cookie?: Cookie
}

export type Level = SessionMethod | 'code' | 'mfa'

/** One proof: what was tried, whose it would be, and how strong a session it makes. */
export interface Proof {
  readonly method: SignInMethod
  /** What was shown, in the words of RFC 8176. */
  readonly amr: readonly string[]
  readonly level: Level
}
