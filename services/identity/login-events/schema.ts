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
] as const
export type Refusal = (typeof refusals)[number]

/** One row of login_event: as it is told, with its time as a time. */
export const LoginEvent = LoginTry.extend({ at: z.date() })
export type LoginEvent = z.output<typeof LoginEvent>

export type NewLoginEvent = Omit<LoginEvent, 'id' | 'at' | 'isNew' | 'reason' | 'method'> & {
  readonly method: SignInMethod
  readonly reason?: Refusal
  readonly isNew?: boolean
}

/** What is looked for; every part is optional. */
export interface EventFilter {
  readonly account?: string | undefined
  readonly result?: LoginEvent['result'] | undefined
  readonly since?: Date | undefined
}

/** How often each reason refused somebody. */
export const ReasonCount = RefusalCount.extend({ latest: z.date() })
export type ReasonCount = z.output<typeof ReasonCount>
