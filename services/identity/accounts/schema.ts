import { z } from 'zod'
import { EmailAddress, PersonId, PersonName } from '../contract.ts'

export const AccountStatus = z.enum(['pending', 'active', 'suspended', 'banned'])
export type AccountStatus = z.output<typeof AccountStatus>

/** One row of account. */
export const Account = z.object({
  id: PersonId,
  email: z.string().nullable(),
  emailProven: z.boolean(),
  /** Said by an outside issuer, proven by nobody: shown to its person, and never a name to be found by. */
  claimedEmail: z.string().nullable(),
  name: z.string(),
  phone: z.string().nullable(),
  nationalId: z.string().nullable(),
  locale: z.enum(['is', 'en']),
  status: AccountStatus,
  roles: z.array(z.string()),
  stamp: z.int().nonnegative(),
})
export type Account = z.output<typeof Account>

/** What an account is made of; the rest has its beginning. */
export type NewAccount = Pick<Account, 'id' | 'name' | 'status'> &
  Partial<Omit<Account, 'id' | 'name' | 'status'>>

/** By name, or as they were made. */
export const AccountOrder = z.enum(['name', 'made'])
type AccountOrder = z.output<typeof AccountOrder>

/** What is looked for among accounts; an empty `q` is everything. */
export interface AccountFilter {
  readonly q: string
  readonly status: AccountStatus | undefined
  readonly by: AccountOrder
}

export const CreateAccount = z.strictObject({
  name: PersonName,
  email: EmailAddress.nullish(),
  kennitala: z
    .string()
    .regex(/^\d{6}-?\d{4}$/)
    .transform((text) => text.replace('-', ''))
    .nullish(),
  locale: z.enum(['is', 'en']).default('is'),
})

export const AccountPath = z.object({ id: PersonId })

/** Ten digits, with or without the line between them. */
export function nationalIdIn(text: string): string | null {
  const [, day, rest] = /^\s*(\d{6})[-\s]?(\d{4})\s*$/.exec(text) ?? []
  return day === undefined || rest === undefined ? null : `${day}${rest}`
}

/** What was taken away. */
export interface TakenFactors {
  readonly application: boolean
  /** How many kinds of sent codes were on, and how many passkeys there were. */
  readonly codes: number
  readonly passkeys: number
  /** Everybody else who was signed in is signed out. */
  readonly sessions: number
}
