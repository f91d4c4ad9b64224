import { z } from 'zod'
import { ActionWords, Ref, Role } from '../contract.ts'

/** `emergency`: what a whole role may do, lent. The others: named actions, whatever the policies say of them. */
const OverrideKind = z.enum(['deny', 'allow', 'emergency'])

/** Superadministrators make superadministrators: that is lent to nobody. From the least to the most. */
export const LentRole = Role.extract(['election-manager', 'administrator'])
export type LentRole = z.output<typeof LentRole>

/**
 * `expired`: it was in force, and its time is over. `lapsed`: nobody decided in time, or before whoever asked might not ask any more; whose doing that was
 * then stands in `endedBy` (`service:identity`: a role of theirs was taken).
 */
const State = z.enum(['asked', 'in-force', 'refused', 'ended', 'expired', 'lapsed'])

/** In the words of whoever does it. */
const Reason = z.string().trim().min(3).max(500)

const Head = z.object({
  id: z.string(),
  kind: OverrideKind,
  subject: Ref,
  /** Of `emergency` none: the role says it. */
  actions: z.array(z.string()),
  /** Null: on all. */
  resource: Ref.nullable(),
  role: LentRole.nullable(),
  reason: z.string(),
  askedBy: z.string(),
  /** The override that let them ask for it, or deny it: a wish waits no longer than that one stands, and a denial holds no longer. */
  askedUnder: z.string().nullable(),
  /** How long emergency access lasts from the moment that it is in force. */
  lastsSeconds: z.int().nullable(),
  decidedBy: z.string().nullable(),
  decidedWhy: z.string().nullable(),
  /** One hand did it all, from the command line of the machine. */
  isAlone: z.boolean(),
  endedBy: z.string().nullable(),
  endedWhy: z.string().nullable(),
})
const times = {
  askedAt: z.date(),
  /** When it ends by itself. Null of emergency access that nobody has brought into force. */
  until: z.date().nullable(),
  /** Until when somebody may decide about it. */
  decideBy: z.date(),
  decidedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
}

/** How somebody had signed in, and with which application, as the door that they asked at had verified it. */
const AskedWith = z.object({
  /** Of which news of identity their roles were. Missing of whoever had none, for of them nobody tells, and of what waits since before it was kept. */
  stamp: z.int().nonnegative().exactOptional(),
  client: z.string().exactOptional(),
  acr: z.string().exactOptional(),
  amr: z.array(z.string()).readonly(),
  scopes: z.array(z.string()).readonly(),
})
export type AskedWith = z.output<typeof AskedWith>

/** One row of policy_override, as the clock makes it. `askedWith` is for the policies alone, and shown to nobody. */
export const Override = Head.extend({ state: State, ...times, askedWith: AskedWith.nullable() })
export type Override = z.output<typeof Override>

/** One that was brought into force, and so has an end. */
export const Standing = Override.extend({ until: z.date() })
export type Standing = z.output<typeof Standing>

export const OverrideShown = Head.extend({
  state: State,
  words: ActionWords,
  askedAt: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  decideBy: z.iso.datetime(),
  decidedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
})
export type OverrideShown = z.output<typeof OverrideShown>

const kindName = /^([A-Za-z_]\w*::)*[A-Za-z_]\w*$/
const Named = z.strictObject({ type: z.string().max(64).regex(kindName), id: z.string().min(1).max(512) })

export const Ask = z.strictObject({
  kind: OverrideKind.exclude(['emergency']),
  subject: Named,
  actions: z.array(z.string().min(1).max(256)).min(1).max(50),
  resource: Named.nullable().default(null),
  until: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  reason: Reason,
})
export type Ask = z.output<typeof Ask>

export const AskEmergency = z.strictObject({
  role: LentRole,
  minutes: z.int().min(1).max(10_080),
  reason: Reason,
})
export type AskEmergency = z.output<typeof AskEmergency>

/** Whoever refuses says why. */
export const Decide = z.discriminatedUnion('approve', [
  z.strictObject({ approve: z.literal(true), reason: Reason.optional() }),
  z.strictObject({ approve: z.literal(false), reason: Reason }),
])
export type Decide = z.output<typeof Decide>

export const End = z.strictObject({ reason: Reason })

export const OverridePath = z.strictObject({ id: z.string().regex(/^ovr_[0-9a-f-]{36}$/) })

const paging = {
  state: State.optional(),
  /** The last of the page before. */
  before: OverridePath.shape.id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}
/** `subject`: the id of somebody. */
export const OverridesQuery = z.strictObject({
  kind: OverrideKind.optional(),
  subject: z.string().min(1).max(512).optional(),
  ...paging,
})
export type OverridesQuery = z.output<typeof OverridesQuery>
export const EmergencyQuery = z.strictObject(paging)

export const OverridesListed = z.object({
  overrides: z.array(OverrideShown),
  next: z.string().nullable(),
  /** How many days ahead an end may lie. */
  mostDays: z.int(),
  /** How many days a request waits at most. */
  decideDays: z.int(),
})
export const EmergencyListed = z.object({
  overrides: z.array(OverrideShown),
  next: z.string().nullable(),
  /** What whoever asks may ask for: no role when it is none, or when emergency access is switched off. */
  offer: z.object({ roles: z.array(LentRole), mostMinutes: z.int(), decideMinutes: z.int() }),
})

/** Why something is taken from nobody, or given to nobody: it is everybody's own, the way out, or asks for a role of one's own. */
const Withheld = z.enum(['own', 'way-out', 'of-roles'])
export type Withheld = z.output<typeof Withheld>

/** Everything that a policy may permit or forbid; what is withheld is taken from nobody in particular, or given to nobody. */
const ActionListed = z.object({
  name: z.string(),
  isOwn: z.boolean(),
  withheld: z.object({ deny: Withheld.nullable(), allow: Withheld.nullable() }),
  /** What is given with it, because it cannot be used without. */
  needs: z.array(z.string()),
  /** Of Althing's own: where it is asked about, and what it is. */
  said: z.object({ at: z.string(), words: z.object({ is: z.string(), en: z.string() }) }).nullable(),
})
export type ActionListed = z.output<typeof ActionListed>
export const ActionsListed = z.object({ actions: z.array(ActionListed) })
