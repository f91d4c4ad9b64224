import { z } from 'zod'

export const IdentityKind = z.enum(['service', 'service-test', 'integration', 'workload', 'assistant'])
export type IdentityKind = z.output<typeof IdentityKind>

/** How long each kind's tokens and keys may live at most, and whether its keys open doors by themselves. decisions/0025 */
export const kinds: Readonly<Record<IdentityKind, Kind>> = {
  /** Runs for the house, day and night. */
  service: { tokenMinutes: 60, keyDays: 365, atDoors: true },
  /** The same, where nothing is at stake. */
  'service-test': { tokenMinutes: 120, keyDays: 90, atDoors: true },
  /** Something that we do not run: a mailing list, a bookkeeper's program. */
  integration: { tokenMinutes: 30, keyDays: 180, atDoors: true },
  /** A job that comes and goes. */
  workload: { tokenMinutes: 10, keyDays: 90, atDoors: true },
  /** A program that decides by itself what it does next: it says each time what for. */
  assistant: { tokenMinutes: 5, keyDays: 30, atDoors: false },
}
interface Kind {
  readonly tokenMinutes: number
  readonly keyDays: number
  readonly atDoors: boolean
}

/** What a key may do at our own doors: look, ask for decisions, and tell what these are about. The policies say which actions each of these is. */
export const ownScopes = [
  'members.read',
  'people.read',
  'login-events.read',
  'alerts.read',
  'mail.read',
  'signals.read',
  'clients.read',
  'settings.read',
  'access.evaluate',
  'entities.write',
] as const
const OwnScope = z.enum(ownScopes)

/** One line, as it stands in lists: no line break, and no mark that turns the direction of what stands beside it. */
const line = (least: number, most: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u)
    .min(least)
    .max(most)

/** In UTC, as the doors read them: from the beginning of the first to the beginning of the second. */
const Hours = z.tuple([z.int().min(0).max(23), z.int().min(0).max(24)]).refine(([from, to]) => from !== to)

/** Why a token is wanted: whoever reads the log a year later understands it. */
export const Purpose = line(8, 200)

export const IdentityId = z.string().regex(/^svc_[0-9a-f-]{36}$/)
export const KeyId = z.string().regex(/^[0-9A-Za-z]{16}$/)

/** One row of service_identity. */
export const ServiceIdentity = z.object({
  id: IdentityId,
  kind: IdentityKind,
  name: z.string(),
  purpose: z.string(),
  ownerKind: z.enum(['person', 'organisation']),
  owner: z.string().nullable(),
  stamp: z.int().positive(),
  madeAt: z.date(),
  disabledAt: z.date().nullable(),
})
export type ServiceIdentity = z.output<typeof ServiceIdentity>

/** By the address of a server (RFC 8707): the words that mean something there. */
const Elsewhere = z.record(
  z.url().max(500),
  z
    .string()
    .max(1000)
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/),
)

/** One row of api_key, without its hash. */
export const Key = z.object({
  id: KeyId,
  identity: IdentityId,
  scopes: z.array(z.string()),
  resources: Elsewhere,
  networks: z.array(z.string()).nullable(),
  hours: Hours.nullable(),
  madeAt: z.date(),
  endsAt: z.date(),
  rotatedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  usedAt: z.date().nullable(),
})
export type Key = z.output<typeof Key>

/** As it is looked up when it is shown. */
export const ShownKey = z.object({
  key: Key,
  hash: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  identity: ServiceIdentity,
})
export type ShownKey = z.output<typeof ShownKey>

export const WishedIdentity = z.strictObject({
  kind: IdentityKind,
  name: line(1, 100),
  purpose: Purpose,
  /** The account, by id or address; null when it is the organisation's. */
  owner: z.string().trim().min(1).max(254).nullable(),
})
export type WishedIdentity = z.output<typeof WishedIdentity>

export const WishedKey = z.strictObject({
  scopes: z.array(OwnScope).max(ownScopes.length).default([]),
  resources: Elsewhere.default({}),
  days: z.int().min(1).max(366),
  /** Whether each is one is seen by judge.ts. */
  networks: z.array(z.string().max(50)).min(1).max(20).optional(),
  hours: Hours.optional(),
})
export type WishedKey = z.output<typeof WishedKey>

export const boundsOf = ({ networks, hours }: Pick<Key, 'networks' | 'hours'>) => ({
  ...(networks === null ? {} : { networks }),
  ...(hours === null ? {} : { hours }),
})

/** What tokens that were given for it are known by in the feed of revocations. */
export const sessionOf = (key: string): string => `key_${key}`
