import { z } from 'zod'

/** One row of guess after a try was counted. */
export const Counted = z.object({ wrong: z.int().positive(), endsAt: z.date() })
export type Counted = z.output<typeof Counted>

/** Everything that can be guessed at, one by one. All of them are counted together. */
export type Guessable = 'password' | 'totp' | 'recovery-code' | 'sms-code' | 'mail-code'

export interface Place {
  /** The account, or the address as it was written when it is none of ours: counted alike. */
  readonly who: string
  /** The known device, or else the network. */
  readonly from: string
}

export interface Guess extends Place {
  readonly account: string | null
  readonly factor: Guessable
  readonly isKnown: boolean
}

export type Judged =
  | { readonly kind: 'right' | 'wrong' }
  | { readonly kind: 'locked'; readonly seconds: number }
