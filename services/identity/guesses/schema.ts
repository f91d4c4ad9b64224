import { z } from 'zod'

/** One row of guess after a try was counted. */
export const Counted = z.object({ wrong: z.int().positive(), endsAt: z.date() })
export type Counted = z.output<typeof Counted>

/** A wait has begun for an account, or for an address that is none: the queue holds no address. */
export const Paused = z.object({ account: z.string().nullable(), at: z.iso.datetime() })
export type Paused = z.output<typeof Paused>

/** Everything that can be guessed at, one by one. All of them are counted together. */
export type Guessable = 'password' | 'totp' | 'recovery-code' | 'sms-code' | 'mail-code'

export interface Place {
  /** What was written, in its one spelling (`identifierIn`), whether it is anybody's or not; the account where somebody is known already. */
  readonly who: string
  /** The known device, or else the network. */
  readonly from: string
}

export interface Guess extends Place {
  readonly account: string | null
  readonly factor: Guessable
  readonly isKnown: boolean
  /** How long the tries are counted; as the settings say, where it is not said. */
  readonly minutes?: number
}

export type Judged =
  | { readonly kind: 'right' }
  /** `left`: how many more may be wrong before that place has to wait. */
  | { readonly kind: 'wrong'; readonly left: number }
  /** `isFirst`: of one wait exactly one try hears that it has begun. */
  | { readonly kind: 'locked'; readonly seconds: number; readonly isFirst: boolean }
