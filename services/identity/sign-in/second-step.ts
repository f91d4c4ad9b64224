/** What a first proof is worth beside a second one, in the words of RFC 8176 and our own where it has none. */
import type { Asker, Channel, SignInMethod } from '../proofs.ts'
import type { Kept } from './attempts.ts'
import type { Attempt } from './schema.ts'

export type First = Attempt['proven'][number]

export const shown: Readonly<Record<First, string>> = { password: 'pwd', link: 'email', connector: 'fed' }
export const isFirst = (method: SignInMethod): method is First => Object.hasOwn(shown, method)

/**
 * A code to a mailbox is another proof beside a password only. A link came out of that very mailbox; another provider may be the one
 * that keeps it: both would be shown twice and proven once.
 */
export const isAnother = (first: First | undefined, channel: Channel): boolean =>
  first !== undefined && (channel === 'sms' || first === 'password')

/**
 * A code that is sent shows less than one that is made where its owner is: a number can be taken over, and who has the mailbox can choose
 * a new password too. So the session has a level of its own, and with the mailbox it is not called "mfa".
 */
export const codeProofs = {
  sms: { method: 'sms-code', amr: ['otp', 'sms', 'mfa'], level: 'code' },
  mail: { method: 'mail-code', amr: ['otp'], level: 'code' },
} as const

/** Its token is in the browser that began it, and nowhere else. */
export const askerOf = ({ token }: Kept, account: string): Asker => ({
  purpose: 'sign-in',
  account,
  by: token,
})
