import { z } from 'zod'

export const signInMethods = [
  'password',
  'passkey',
  'totp',
  'recovery-code',
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

/** One row of login_event. */
export const LoginEvent = z.object({
  id: z.string(),
  at: z.date(),
  account: z.string().nullable(),
  method: z.string(),
  result: z.enum(['in', 'step', 'refused']),
  reason: z.string().nullable(),
  network: z.string(),
  device: z.string(),
  isNew: z.boolean(),
})
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
export const ReasonCount = z.object({
  method: z.string(),
  reason: z.string(),
  count: z.int().nonnegative(),
  accounts: z.int().nonnegative(),
  networks: z.int().nonnegative(),
  latest: z.date(),
})
export type ReasonCount = z.output<typeof ReasonCount>
