import { z } from 'zod'

const text = (most: number) => z.string().max(most)

/** Texts of a draft; those of authored.ts, all of them there. */
const Texts = z.object({
  policies: text(2_000_000),
  schema: text(200_000),
  links: text(500_000),
  tests: text(500_000),
})

const Title = z.string().trim().min(1).max(200)
const Note = z.string().trim().max(4000)

/** What is not said is as it is in force. */
export const Create = z.strictObject({ title: Title, note: Note.default(''), ...Texts.partial().shape })
export type Create = z.output<typeof Create>

/** `basedOn`: the version that they have looked at; it says that the draft is meant on top of it. */
export const Change = z.strictObject({
  title: Title.optional(),
  note: Note.optional(),
  ...Texts.partial().shape,
  basedOn: z.int().positive().optional(),
})
export type Change = z.output<typeof Change>

const DraftState = z.enum(['open', 'activated', 'withdrawn'])

const Head = z.object({
  id: z.string(),
  title: z.string(),
  version: z.int(),
  state: DraftState,
  basedOn: z.int(),
  madeBy: z.string(),
  changedBy: z.string(),
  proposedBy: z.string().nullable(),
  /** As which version it came into force. */
  revision: z.int().nullable(),
})
const times = { madeAt: z.date(), changedAt: z.date(), proposedAt: z.date().nullable() }

/** One row of policy_draft, without its texts. */
export const DraftHead = Head.extend({
  ...times,
  /** Everybody who has written in it, in the order in which they began. */
  authors: z.array(z.string()),
})
export type DraftHead = z.output<typeof DraftHead>

/** One row of policy_draft. */
export const Draft = DraftHead.extend({
  note: z.string(),
  source: Texts,
  compiled: z.string().nullable(),
  compiledFrom: z.string().nullable(),
})
export type Draft = z.output<typeof Draft>

const shownTimes = {
  madeAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  proposedAt: z.iso.datetime().nullable(),
}
export const DraftListed = Head.extend(shownTimes)
export type DraftListed = z.output<typeof DraftListed>
export const DraftsListed = z.object({ drafts: z.array(DraftListed) })
export const DraftShown = DraftListed.extend({
  note: z.string(),
  ...Texts.shape,
  /** Which version is in force: another one than it is based on means that it has to be looked at again. */
  inForce: z.int(),
})
export type DraftShown = z.output<typeof DraftShown>
/** For whoever reads it before it comes into force: whose words they are. */
export const DraftRead = DraftShown.extend({
  /** Everybody who began, changed or proposed it, and whether they are an administrator now; null of whoever is no person. */
  authors: z.array(z.object({ actor: z.string(), isAdministrator: z.boolean().nullable() })),
})
export type DraftRead = z.output<typeof DraftRead>

export const DraftsQuery = z.strictObject({ state: DraftState.default('open') })
/** RFC 9110, section 13.1.1: the version that they have read, as the ETag of reading it said. */
export const IfMatch = z.string().regex(/^"\d{1,9}"$/)
