/** What others in the person world may know of identity: facts about accounts, and the claims of a signed-in person. */
import { z } from 'zod'

export const PersonId = z
  .string()
  .regex(/^acc_[0-9a-f-]{36}$/)
  .brand<'PersonId'>()
export type PersonId = z.output<typeof PersonId>

/** The cookie of a browser in which somebody is signed in. What it says is for identity alone; that it is there says: ask. */
export const sessionCookie = 'althing_id'

/** Always lower case, so that there is one account for one address. */
export const EmailAddress = z.string().max(254).trim().toLowerCase().pipe(z.email())

/**
 * What somebody writes into a field. What is longer than any right answer stays longer than any: the rule refuses it in its own words,
 * beside its field and with the rest of the form as it was, where a schema could only say that the form is not right.
 */
export const written = (most: number) =>
  z
    .string()
    .transform((text) => text.slice(0, most + 1))
    .default('')

/**
 * A whole name in one field. No line break can come from here into a mail: it would begin a header; and no mark that turns the
 * direction of what stands beside it in a list.
 */
export const PersonName = z
  .string()
  .trim()
  .normalize('NFC')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u)
  .min(2)
  .max(200)

/** As people write it, or nothing. */
export const PhoneOrNone = z.union([
  z.literal(''),
  z
    .string()
    .trim()
    .regex(/^\+?[0-9][0-9 -]{5,18}[0-9]$/),
])

/** identity → members: who signed in proved these about themselves. The national id only through an eID. */
export const personIdentified = 'identity.person_identified'
export const PersonIdentified = z.object({
  person: PersonId,
  nationalId: z
    .string()
    .regex(/^\d{10}$/)
    .optional(),
  /** Only when proven. */
  email: z.email().optional(),
  name: z.string().max(200).optional(),
})

/** identity → portal: sessions that ended, so that the browser's own ends as well (OIDC back-channel logout in small). */
export const sessionEnded = 'identity.session_ended'
export const SessionEnded = z.object({ session: z.string() })

/** identity → policy: the roles a person has now; all of them, so that a lost or late message heals with the next. */
export const rolesChanged = 'identity.roles_changed'
export const RolesChanged = z.object({
  person: PersonId,
  roles: z.array(z.string().max(64)),
  stamp: z.int().nonnegative(),
})

/** GET /api/identity/me: the signed-in person, as the portal shows them. */
export const Me = z.object({
  id: PersonId,
  name: z.string(),
  email: z.string().nullable(),
  locale: z.enum(['is', 'en']),
  roles: z.array(z.string()),
})
export type Me = z.output<typeof Me>

export const Done = z.object({ done: z.literal(true) })

/** What administrators see of an account in a list. */
export const ListedAccount = z.object({
  id: PersonId,
  email: z.string().nullable(),
  name: z.string(),
  status: z.enum(['pending', 'active', 'suspended', 'banned']),
  roles: z.array(z.string()),
})
export type ListedAccount = z.output<typeof ListedAccount>

/** Somebody signed in, went a step, or was refused. */
export const LoginTry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  account: z.string().nullable(),
  method: z.string(),
  result: z.enum(['in', 'step', 'refused']),
  reason: z.string().nullable(),
  /** An IPv4 address or an IPv6 /64. */
  network: z.string(),
  device: z.string(),
  isNew: z.boolean(),
})
export type LoginTry = z.output<typeof LoginTry>

/** Why people were refused, and how often. */
export const RefusalCount = z.object({
  method: z.string(),
  reason: z.string(),
  count: z.int().nonnegative(),
  accounts: z.int().nonnegative(),
  networks: z.int().nonnegative(),
  latest: z.iso.datetime(),
})
export type RefusalCount = z.output<typeof RefusalCount>

/** Where a one-time code is sent: one that reaches a telephone, or a mailbox. */
export const CodeChannel = z.enum(['sms', 'mail'])
export type CodeChannel = z.output<typeof CodeChannel>

/** GET /api/identity/users/:id */
export const AccountDetail = ListedAccount.extend({
  phone: z.string().nullable(),
  locale: z.string(),
  emailProven: z.boolean(),
  /** When this account is to be forgotten; null when nobody asked for that. */
  erasedAt: z.iso.datetime().nullable(),
  hasNationalId: z.boolean(),
  factors: z.object({
    password: z.boolean(),
    /** Null when the second step is off. */
    codesLeft: z.int().nullable(),
    /** Codes by mail or text message that are a second step. */
    mailedCodes: z.array(CodeChannel),
    passkeys: z.int(),
    electronicId: z.boolean(),
  }),
  sessions: z.array(z.object({ method: z.string(), device: z.string(), seenAt: z.iso.datetime() })),
  events: z.array(LoginTry),
})
export type AccountDetail = z.output<typeof AccountDetail>

/** Somebody who asks for an account. */
export const ListedApplication = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  birthDate: z.string(),
  guardianEmail: z.string().nullable(),
  state: z.enum(['unconfirmed', 'guardian', 'waiting', 'approved', 'rejected']),
  createdAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().nullable(),
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
})
export type ListedApplication = z.output<typeof ListedApplication>

/** Something that those who look after the house should see: one line for each kind and person, or network, until it is resolved. */
export const SecurityAlert = z.object({
  id: z.string(),
  kind: z.enum([
    'unusual-sign-in',
    'blocked-sign-in',
    'breached-password',
    'refresh-reuse',
    'many-tries',
    'many-accounts',
  ]),
  severity: z.enum(['low', 'medium', 'high']),
  account: z.string().nullable(),
  /** Coarse: an IPv4 /24 or an IPv6 /48. */
  network: z.string().nullable(),
  signals: z.array(z.string()),
  firstSeen: z.iso.datetime(),
  lastSeen: z.iso.datetime(),
  count: z.int().positive(),
  state: z.enum(['open', 'resolved']),
  resolvedAt: z.iso.datetime().nullable(),
  resolvedBy: z.string().nullable(),
  reason: z.string().nullable(),
})
export type SecurityAlert = z.output<typeof SecurityAlert>

/** GET /api/identity/alerts/:id */
export const SecurityAlertDetail = SecurityAlert.extend({
  /** To whom it is told; no time: not yet. */
  deliveries: z.array(
    z.object({ sink: z.enum(['mail', 'webhook', 'chat']), deliveredAt: z.iso.datetime().nullable() }),
  ),
})
export type SecurityAlertDetail = z.output<typeof SecurityAlertDetail>

/** Why it needs nobody any more, in a few words: whoever looks later reads it. */
export const ResolveReason = z.string().trim().min(3).max(500)
