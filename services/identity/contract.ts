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

/** What is written into a field. What is too long stays so: its rule says it beside the field, where a schema could only say that the form is wrong. */
export const written = (most: number) =>
  z
    .string()
    .transform((text) => text.slice(0, most + 1))
    .default('')

/** `St.John` and `J.R.Tolkien`: a title or an initial before a name that begins as names do. */
const shortened = /(?<![\p{L}\p{N}.-])(?:(?:\p{L}|St|Jr|Sr|Dr|Mr|Mrs|Ms)\.)+(?=\p{Lu})/gu

/** What programs for mail make a link of: a scheme, `www.`, or words that a dot joins. The dots of other scripts are dots. */
const isAddress = (name: string): boolean =>
  /:\/\/|\bwww\.|[\p{L}\p{N}-][.\u3002\uff0e\uff61](?:\p{L}{2}|\p{N})/iu.test(name.replaceAll(shortened, ' '))

/** A whole name, wherever it comes from: no line break (in a mail it begins a header), no mark that turns text, no address: strangers write no letters. */
export const PersonName = z
  .string()
  .trim()
  .normalize('NFC')
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u)
  .regex(/\p{L}/u)
  .max(200)
  .refine((name) => !isAddress(name), 'A name holds no web address.')

/** A day on which somebody who lives can have been born; whether it has come yet, the clock says. */
export const BirthDate = z.iso
  .date()
  .refine((day) => day >= '1900-01-01', 'Nobody who lives was born before 1900.')

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
  name: PersonName.optional(),
})

/** identity → portal: sessions that ended, so that the browser's own ends as well (OIDC back-channel logout in small). */
export const sessionEnded = 'identity.session_ended'
export const SessionEnded = z.object({ session: z.string(), person: z.string().optional() })

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
  /** When this account is to be forgotten. */
  erasedAt: z.iso.datetime().nullable(),
  requests: z.int().nonnegative().default(0),
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
  /** Whoever asks looks at themselves: there is nothing here to shut themselves out with. */
  isOneself: z.boolean(),
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
/** GET /api/identity/names */
export const NamesOf = z.object({ names: z.record(z.string(), z.string()) })

/** policy → identity: whose an address is and what people are called, for the commands of an operator. Who has no account is not among them. */
export const peoplePath = '/internal/identity/people'
export const People = z.object({ people: z.array(ListedAccount.pick({ id: true, name: true, email: true })) })
export const people = (body: { readonly email: string } | { readonly ids: readonly PersonId[] }) => ({
  method: 'POST' as const,
  path: peoplePath,
  body,
  reply: People,
})

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

const ofSigningIn = ['unusual-sign-in', 'blocked-sign-in', 'breached-password', 'refresh-reuse'] as const
const ofGuessing = ['many-tries', 'many-accounts', 'factor-shut', 'account-paused'] as const

/** Something that those who look after the house should see: one line for each kind and person, or network, until it is resolved. */
export const SecurityAlert = z.object({
  id: z.string(),
  kind: z.enum([...ofSigningIn, ...ofGuessing, 'mail-held-back', 'emergency-access']),
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

/** What becomes of a letter: what we know ourselves, and what the carrier tells of it. */
const knownToUs = ['sending', 'sent', 'failed', 'refused', 'suppressed'] as const
const toldByCarrier = ['deferred', 'delivered', 'bounced', 'dropped', 'complained'] as const

/** A letter or a text message, and what became of it. */
export const ListedDelivery = z.object({
  id: z.string(),
  channel: z.enum(['mail', 'sms']),
  account: z.string().nullable(),
  address: z.string(),
  subject: z.string().nullable(),
  state: z.enum([...knownToUs, ...toldByCarrier]),
  reason: z.string().nullable(),
  tries: z.int().positive(),
  beganAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
})
export type ListedDelivery = z.output<typeof ListedDelivery>

/** A letter that has not gone out. */
export const QueuedLetter = z.object({
  id: z.string(),
  job: z.string(),
  state: z.enum(['waiting', 'failing', 'given-up']),
  attempts: z.int().nonnegative(),
  mostAttempts: z.int().positive(),
  account: z.string().nullable(),
  nextAt: z.iso.datetime(),
  error: z.string().nullable(),
})
export type QueuedLetter = z.output<typeof QueuedLetter>

/** A mailbox that nothing is sent to, or nothing of our own accord when its owner called our letters unwanted. */
export const Suppressed = z.object({
  address: z.string(),
  reason: z.enum(['bounced', 'complained', 'invalid']),
  detail: z.string().nullable(),
  since: z.iso.datetime(),
  /** Then it is tried again by itself. */
  endsAt: z.iso.datetime(),
})
export type Suppressed = z.output<typeof Suppressed>

const weaker = ['below', 'above', 'risk-off', 'breaches-unasked', 'not-encrypted'] as const
const open = ['open-door', 'open-mailbox', 'outside-tokens', 'link-has-no-code'] as const
const missing = ['mail-uncarried', 'sms-uncarried', 'sender-unset', 'texts-missing'] as const

/** GET /api/identity/settings: what is in force, of secrets whether they are set, and what of it is worth a second look. */
export const SettingsInForce = z.object({
  preset: z.string(),
  groups: z.array(
    z.object({
      id: z.string(),
      settings: z.array(
        z.object({
          name: z.string(),
          env: z.string(),
          secret: z.boolean(),
          isSet: z.boolean(),
          /** Null for a secret; empty for what says nothing. */
          value: z.string().nullable(),
          /** What was set, where the preset makes something else of it. */
          written: z.string().nullable(),
          fallback: z.string().nullable(),
          source: z.enum(['default', 'preset', 'environment']),
          meaning: z.object({ is: z.string(), en: z.string() }),
        }),
      ),
    }),
  ),
  warnings: z.array(
    z.object({
      kind: z.enum([...weaker, ...open, ...missing]),
      /** Of a number that is weaker than decided: which one, and the two numbers. */
      setting: z.string().nullable(),
      value: z.number().nullable(),
      decided: z.number().nullable(),
    }),
  ),
})
export type SettingsInForce = z.output<typeof SettingsInForce>
