import { z } from 'zod'

/** One row of policy_bundle, as much of it as is needed to give it out. */
export const Published = z.object({
  revision: z.int().positive(),
  sourceHash: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  bundle: z.string(),
  signature: z.string(),
})
export type Published = z.output<typeof Published>

/** A bundle, and the mark of its row: no other has it. */
export const Marked = z.object({ bundle: z.string(), mark: z.uuid() })
export type Marked = z.output<typeof Marked>

/** How a version came: with a release, from a draft, back from an older one, or as the same again with other overrides. */
const Kind = z.enum(['release', 'activation', 'rollback', 'override'])

/** What of a version the organisation said, as it was written and as it was compiled. */
const Said = z.object({
  policies: z.string(),
  schema: z.string(),
  links: z.string(),
  tests: z.string(),
  /** JSON of its policies and its groups of actions, under the names that they have in the bundle. */
  compiled: z.string(),
})
export type Said = z.output<typeof Said>

/** What says about a version who wanted it and why. */
export const History = z.object({
  revision: z.int(),
  kind: Kind,
  publishedBy: z.string(),
  publishedAt: z.date(),
  proposedBy: z.string().nullable(),
  /** One hand did both, from the command line of the machine. */
  isAlone: z.boolean(),
  title: z.string().nullable(),
  reason: z.string().nullable(),
  draft: z.string().nullable(),
  /** The older revision that came back with it. */
  restores: z.int().nullable(),
})
export type History = z.output<typeof History>

const Misfit = z.array(z.string())

/** One row of policy_bundle, all of it. */
export const Version = Published.extend({
  ...History.omit({ publishedAt: true }).shape,
  /** Althing's own policies. */
  source: z.string(),
  said: Said,
  misfit: Misfit.nullable(),
  /** The ids of the overrides that are in its bundle. */
  overrides: z.array(z.string()),
})
export type Version = z.output<typeof Version>

/** What is in force, and with which version it was written: overrides that came since have changed nothing of that. */
export const Latest = Version.extend({ written: z.int().positive() })
export type Latest = z.output<typeof Latest>

/** What somebody holds: the number, and what it is the number of. */
export const BundleQuery = z.strictObject({
  revision: z.coerce.number().int().nonnegative().default(0),
  digest: z.string().max(64).default(''),
})

export const VersionPath = z.strictObject({ revision: z.coerce.number().int().positive() })
export const DiffPath = z.strictObject({
  from: z.coerce.number().int().positive(),
  to: z.coerce.number().int().positive(),
})
export const ListQuery = z.strictObject({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** With those that only overrides made. */
  overrides: z.stringbool().default(false),
})

export const VersionShown = History.extend({ publishedAt: z.iso.datetime() })
export type VersionShown = z.output<typeof VersionShown>
export const VersionsListed = z.object({ versions: z.array(VersionShown), next: z.int().nullable() })
export const VersionWhole = VersionShown.extend({
  /** Althing's own. */
  source: z.string(),
  policies: z.string(),
  schema: z.string(),
  links: z.string(),
  tests: z.string(),
})

const DiffLine = z.object({ is: z.enum(['same', 'gone', 'new']), text: z.string() })
/** With three lines around whatever is different; `hunks` begin where lines are left out. */
export const Difference = z.object({
  part: z.enum(['althing', 'policies', 'schema', 'links', 'tests']),
  hunks: z.array(z.object({ from: z.int(), to: z.int(), lines: z.array(DiffLine) })),
})
export type Difference = z.output<typeof Difference>
/** What a draft would change of what is in force. */
export const DraftDifferences = z.object({ inForce: z.int(), parts: z.array(Difference) })
export const Differences = z.object({ from: z.int(), to: z.int(), parts: z.array(Difference) })

/** In the words of whoever does it: it stands in the audit log. */
const Reason = z.string().trim().min(3).max(500)
export const RollBack = z.strictObject({ reason: Reason })
/** The version of the draft that they have read. */
export const Activate = z.strictObject({ version: z.int().positive(), reason: Reason.optional() })
export const InForce = z.object({ revision: z.int() })

/** What the console shows above all: what is in force, and whether something is wrong with it. */
export const State = z.object({
  /** As decisions name it: each override makes a new one. */
  revision: z.int(),
  /** The version in which it was written so: the latest that people read and brought into force. */
  written: z.int(),
  kind: Kind,
  /** As the decision log names the policies that something was decided with. */
  digest: z.string(),
  /** How many policies are Althing's, and how many the organisation's. */
  own: z.int(),
  organisation: z.int(),
  /** How many overrides stand beside them. */
  overrides: z.int(),
  /** Why the organisation's do not fit this release; null when they do. */
  misfit: Misfit.nullable(),
})
export type State = z.output<typeof State>
