import { z } from 'zod'

/** What the owner of an account hears of by mail, because it might not have been them. */
export const NoticeKind = z.enum([
  'new-device',
  'password-changed',
  'two-step-on',
  'two-step-off',
  'codes-new',
  'code-used',
  'passkey-added',
  'passkey-removed',
  'phone-proven',
  'phone-added',
  'phone-changed',
  'phone-removed',
  'sms-code-on',
  'sms-code-off',
  'mail-code-on',
  'mail-code-off',
  'identity-linked',
  'identity-unlinked',
  'sign-in-unusual',
  'sign-in-blocked',
  'token-reused',
  'password-breached',
  'factor-shut',
  'factors-reset',
  'session-guessed',
  'roles-changed',
  'account-paused',
  'account-suspended',
  'account-banned',
  'account-reinstated',
  'emergency-asked',
  'emergency-given',
  'emergency-refused',
  'emergency-ended',
  'emergency-taken-back',
  'emergency-fell',
  'emergency-asked-by',
  'emergency-given-to',
  'emergency-refused-to',
  'emergency-ended-of',
  'emergency-taken-back-by',
  'emergency-fell-of',
  'override-asked',
  'override-denied',
  'override-denial-ended',
  'override-given',
  'override-given-ended',
  'override-agreed',
  'override-refused',
  'override-called-off',
  'override-over',
  'override-fell',
  'override-lapsed',
])
export type NoticeKind = z.output<typeof NoticeKind>

/** Of these nobody asks whether it was them; and whoever is shut out hears of them too. */
export const standings: readonly NoticeKind[] = ['account-suspended', 'account-banned', 'account-reinstated']

/** More than any of them can be, each sign of which may take two units: lent-details.test.ts makes up the longest. */
const mostDetail = 4000

/**
 * `detail`: a device in words, how many codes are left, `sms` where codes go to a telephone, what whoever did it has to say, or what there is to say of
 * emergency access and of an override (lent-details.ts).
 */
export const Notice = z.object({
  account: z.string(),
  kind: NoticeKind,
  detail: z.string().max(mostDetail),
  at: z.iso.datetime(),
})
export type Notice = z.output<typeof Notice>
