import { z } from 'zod'
import { LoginTry, RefusalCount } from '../contract.ts'

export const signInMethods = [
  'password',
  'passkey',
  'totp',
  'recovery-code',
  'sms-code',
  'mail-code',
  'link',
  'eid',
  'connector',
] as const
export type SignInMethod = (typeof signInMethods)[number]

export const refusals = [
  'wrong',
  'locked',
  'limited',
  'inactive',
  'busy',
  'expired',
  'eid',
  'connector',
  'risk',
] as const
export type Refusal = (typeof refusals)[number]

/** One row of login_event: as it is told, with its time as a time. */
export const LoginEvent = LoginTry.extend({ at: z.date() })
export type LoginEvent = z.output<typeof LoginEvent>

export type NewLoginEvent = Omit<LoginEvent, 'id' | 'at' | 'isNew' | 'reason' | 'method'> & {
  /** Beside our own ways: looking at what is one's own with a token of another issuer, by the name of its setting. */
  readonly method: SignInMethod | `outside:${string}`
  readonly reason?: Refusal
  readonly isNew?: boolean
}

/** What is looked for; every part is optional. */
export interface EventFilter {
  readonly account?: string | undefined
  readonly result?: LoginEvent['result'] | undefined
  readonly since?: Date | undefined
}

/** What the lines say of one account: when it was last opened and from where, and how it was tried since a time. */
export const TriedOn = z.object({
  tries: z.int(),
  networks: z.int(),
  lastAt: z.date().nullable(),
  lastNetwork: z.string().nullable(),
})
export type TriedOn = z.output<typeof TriedOn>

/** Of one network since a time: accounts, ours or not, that were tried in vain, and accounts that came in. */
export const TriedFrom = z.object({ failing: z.int(), came: z.int() })
export type TriedFrom = z.output<typeof TriedFrom>

export const GuessedAt = z.object({ account: z.string(), latest: z.date() })
export type GuessedAt = z.output<typeof GuessedAt>
export const Crowded = z.object({ network: z.string(), latest: z.date() })
export type Crowded = z.output<typeof Crowded>

/** Somebody, or nobody of ours, from a network. */
export const RecentPlace = z.object({ account: z.string().nullable(), network: z.string() })
export type RecentPlace = z.output<typeof RecentPlace>

/** How often each reason refused somebody. */
export const ReasonCount = RefusalCount.extend({ latest: z.date() })
export type ReasonCount = z.output<typeof ReasonCount>
