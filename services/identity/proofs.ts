/** The words that the features of proving have in common: what can be tried, how it ends, and what a change brings with it. */
import type { CodeChannel as Channel } from './contract.ts'
import type { NoticeKind } from './notices/schema.ts'
import type { Guess, Judged } from './guesses/schema.ts'
import type { Refusal, SignInMethod } from './login-events/schema.ts'

export type { Place as GuessPlace } from './guesses/schema.ts'
export type { NewAlert as Raised } from './alerts/schema.ts'
export type { Guess, Judged, Channel, NoticeKind, Refusal, SignInMethod }

/** A line of what somebody tried at the door. */
export interface Tried {
  readonly account: string | null
  readonly method: SignInMethod
  readonly result: 'in' | 'step' | 'refused'
  readonly reason?: Refusal
  readonly network: string
  readonly device: string
  readonly isNew?: boolean
}

/** Somebody whose first proof stands, before there is a session. */
export interface Arriving {
  readonly account: string
  readonly network: string
  readonly device: string
  /** The owner has signed in from this device before. */
  readonly isKnown: boolean
  /** Two factors in one, which nobody can have guessed or passed on: a passkey, an electronic ID. */
  readonly isWhole: boolean
}

/** Where the conversation goes on: as it would have, to a second factor whatever was asked for, or nowhere. */
export interface Weighed {
  readonly next: 'go' | 'step-up' | 'block'
  /** The owner has been written to about this very sign-in: another letter, about the device, would say it twice. */
  readonly isTold: boolean
}

/** Who is signed in and shows a factor once more, with all that the door would know of them. */
export interface Confirmer {
  readonly account: string
  readonly session: string | null
  readonly network: string
  /** In words, for the list of tries. */
  readonly device: string
  /** What the browser has kept since an earlier sign-in. */
  readonly known: string | undefined
}

/** `ended`: there were too many wrong ones in this session, and it is over. */
export type Confirmed = Exclude<Judged, { kind: 'wrong' }> | { readonly kind: 'wrong' | 'ended' }

/** One try of somebody who is signed in: counted, noted and told as at the door. */
export type Confirm = (
  who: Confirmer,
  factor: Guess['factor'],
  check: () => Promise<boolean>,
) => Promise<Confirmed>

/** Who changes something, as the audit log names them, and in which session: that one goes on, every other one ends. */
export interface By {
  readonly actor: string
  readonly session: string | null
  /** In the words of whoever did it for somebody else. */
  readonly reason?: string
}

/** Within the transaction of the change: who else is signed in ends, and the owner is told. */
export type Changed<K extends NoticeKind> = (account: string, what: K, by: By) => Promise<void>

/** Who asks for a code, and the only one whom it serves: one sign-in under way, or one session that proves a telephone. */
export interface Asker {
  readonly purpose: 'sign-in' | 'phone'
  readonly account: string
  /** What only that sign-in or session knows. */
  readonly by: string
}

/** From where a code is asked for: `device` when the owner has signed in from it before, so that it is counted by itself. */
export interface Sender {
  readonly network: string
  readonly device: string | null
}

/** How asking ended: on its way, or why not. */
export type CodeSent =
  | { readonly kind: 'sent' | 'used_up' | 'unavailable' | 'unreachable' | 'foreign' }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number }

/** What can be done with the code that was asked for. */
export type CodeState = 'waiting' | 'gone' | 'used_up'

/** A way to be sent a code, with so much of the address as its owner needs to know it again. */
export interface CodeWay {
  readonly channel: Channel
  readonly to: string
}
