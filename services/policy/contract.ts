/**
 * What others may know of policy: the shapes of AuthZEN (Authorization API 1.0) and the list of roles. Neutral: subject, action and
 * resource are opaque. What a request says that is not known here is ignored, as the standard demands (section 6).
 */
import { z } from 'zod'

/** Bounds of the seed's policy service (functional-spec B4); the text of one value and its nesting are bounded where it is read. */
const Type = z.string().min(1).max(64)
const Id = z.string().min(1).max(512)
const ActionName = z.string().min(1).max(256)
const Properties = named({ shortest: 1, longest: 100, most: 50 })

interface Names {
  /** Of each, in UTF-16 code units. */
  readonly shortest?: number
  readonly longest?: number
  /** How many. */
  readonly most?: number
}

/**
 * What is said by name, whatever the names: zod's own record leaves `__proto__` out without a word, and what was not read cannot be denied. Nothing is
 * copied, so that what is under each name is what was read.
 */
export function named({ shortest = 0, longest = Infinity, most = Infinity }: Names = {}) {
  return z
    .custom<Record<string, unknown>>(isObject, 'must be an object')
    .superRefine((given, context) => {
      const names = Object.keys(given)
      if (names.length > most) context.addIssue(`must have ${most} names at most`)
      for (const name of names)
        if (name.length < shortest || name.length > longest)
          context.addIssue({
            code: 'custom',
            path: [name],
            message: `must have a name of ${shortest} to ${longest} characters`,
          })
    })
    .meta({ type: 'object' })
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Section 5.1 */
export const Subject = z.object({ type: Type, id: Id, properties: Properties.optional() })
export type Subject = z.output<typeof Subject>
/** Section 5.3 */
export const Action = z.object({ name: ActionName, properties: Properties.optional() })
export type Action = z.output<typeof Action>
/** Section 5.2 */
export const Resource = z.object({ type: Type, id: Id, properties: Properties.optional() })
export type Resource = z.output<typeof Resource>

/** A thing or somebody, by type and id. */
export const Ref = Resource.pick({ type: true, id: true })
export type Ref = z.output<typeof Ref>

/** An entity as a node holds it: with what it is one of, and with its relations as attributes. */
export const Known = z.object({
  type: z.string(),
  id: z.string(),
  attributes: named(),
  parents: z.array(Ref),
  relations: z.record(z.string(), z.array(Ref)),
  /** Of a person, with which of identity's numbers the roles were told. */
  stamp: z.int().nullable(),
})
export type Known = z.output<typeof Known>

/** How new the world and the policies are, as the database says it. */
export const Revisions = z.object({ world: z.coerce.number().int(), policies: z.coerce.number().int() })
export type Revisions = z.output<typeof Revisions>

/** With marks that no other state ever has: in a database that was restored the same numbers come again. */
export const State = Revisions.extend({ worldMark: z.string(), policiesMark: z.string().nullable() })
export type State = z.output<typeof State>

/** Somebody or something as it was seen when a decision was made: in Cedar's JSON, and only what a policy can read. */
export const SeenEntity = z.object({
  type: z.string(),
  id: z.string(),
  attributes: named(),
  ancestors: z.array(Ref),
})
export type SeenEntity = z.output<typeof SeenEntity>

/** All that a decision was made of. */
export const Seen = z.object({
  entities: z.array(SeenEntity),
  context: named(),
  /** The names of what was left out because nobody may read it in a log. */
  redacted: z.array(z.string()).optional(),
})
export type Seen = z.output<typeof Seen>

/** How an engine of the organisation's own answered; `open` when it had failed so often that it was not asked. */
export const Outcome = z.enum(['allow', 'deny', 'error', 'open'])
export type Outcome = z.output<typeof Outcome>

/** What one of them said. Of an error `why` is the code of what went wrong. */
export const Opinion = z.object({
  engine: z.string(),
  outcome: Outcome,
  why: z.string().nullable(),
  milliseconds: z.int(),
})
export type Opinion = z.output<typeof Opinion>

/** Of what our own policies allowed, and by which (`own`): what the engines said that had to agree. */
export const Outside = z.object({ own: z.array(z.string()), said: z.array(Opinion) })
export type Outside = z.output<typeof Outside>

/** Section 6.1 */
export const Evaluation = z.object({
  subject: Subject,
  action: Action,
  resource: Resource,
  context: Properties.optional(),
})
export type Evaluation = z.output<typeof Evaluation>

/** Section 6.2. The context says which policies decided, and what could not be evaluated. */
export const EvaluationAnswer = z.object({ decision: z.boolean(), context: z.looseObject({}).optional() })
export type EvaluationAnswer = z.output<typeof EvaluationAnswer>

/** Section 7.1.2.1 */
export const Semantic = z.enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'])
export type Semantic = z.output<typeof Semantic>

/**
 * Section 7.1: the four at the top are defaults, and may be incomplete; each of the list may be wrong by itself, and is then denied by
 * itself. Without a list it is one evaluation like any other.
 */
export const Evaluations = z.object({
  subject: Subject.partial().optional(),
  action: Action.partial().optional(),
  resource: Resource.partial().optional(),
  context: Properties.optional(),
  evaluations: z.array(z.unknown()).max(1000).optional(),
  options: z.object({ evaluations_semantic: Semantic.optional() }).optional(),
})
export type Evaluations = z.output<typeof Evaluations>
export const EvaluationsAnswer = z.union([
  z.object({ evaluations: z.array(EvaluationAnswer) }),
  EvaluationAnswer,
])
export type EvaluationsAnswer = z.output<typeof EvaluationsAnswer>

/** Section 8: `token` is what `next_token` of the page before said. The older drafts called it `next_token` in the request as well. */
export const Page = z.object({
  token: z.string().max(2000).optional(),
  next_token: z.string().max(2000).optional(),
  limit: z.int().min(1).max(1000).optional(),
})
export type Page = z.output<typeof Page>

/** Of what is looked for only the type is said; an id beside it is ignored. */
const Sought = z.object({ type: Type, properties: Properties.optional() })
const searching = { context: Properties.optional(), page: Page.optional() }
export const SubjectSearch = z.object({ subject: Sought, action: Action, resource: Resource, ...searching })
export type SubjectSearch = z.output<typeof SubjectSearch>
export const ResourceSearch = z.object({ subject: Subject, action: Action, resource: Sought, ...searching })
export type ResourceSearch = z.output<typeof ResourceSearch>
export const ActionSearch = z.object({ subject: Subject, resource: Resource, ...searching })
export type ActionSearch = z.output<typeof ActionSearch>

const AnswerPage = z.object({ next_token: z.string(), count: z.int() })
/** The page stands first, so that whoever reads a stream knows early whether there is more. */
export const EntitiesFound = z.object({
  page: AnswerPage,
  results: z.array(z.object({ type: z.string(), id: z.string() })),
})
export const ActionsFound = z.object({ page: AnswerPage, results: z.array(z.object({ name: z.string() })) })

/** Section 9 */
export const Metadata = z.object({
  policy_decision_point: z.url(),
  access_evaluation_endpoint: z.url(),
  access_evaluations_endpoint: z.url(),
  search_subject_endpoint: z.url(),
  search_resource_endpoint: z.url(),
  search_action_endpoint: z.url(),
})

/** From the least to the most; each may what the ones before it may. */
export const ranks = ['member', 'election-manager', 'administrator', 'superadmin'] as const
/** They stand beside the ranks: what they may is said in the policies, and none of it follows from another. */
export const duties = ['developer', 'operator', 'auditor'] as const
export const roles = [...ranks, ...duties] as const
export const Role = z.enum(roles)
export type Role = z.output<typeof Role>
/** What people are given here: who is a member, the register says. From the least to the most, and the duties after them. */
export const OfficeRole = Role.exclude(['member'])
export type OfficeRole = z.output<typeof OfficeRole>

const rankOf = (role: string): number => ranks.findIndex((one) => one === role)

/** The highest rank among roles, as a number that grows with it; -1 when there is none. */
export const rankAmong = (own: readonly string[]): number => Math.max(-1, ...own.map(rankOf))

/**
 * Whether somebody with these roles may give or take this one: only what is below their own, so that nobody makes somebody whom they could
 * not stop again; a superadministrator any, the duties too.
 */
export function mayGive(own: readonly string[], role: string): boolean {
  if (own.includes('superadmin')) return true
  return rankOf(role) >= 0 && own.some((one) => rankOf(one) > rankOf(role))
}

/**
 * Whether somebody with these roles does what the office does to somebody with those: each of theirs is one that they could take. Nobody does it to their
 * equal, and whoever has a duty is left alone by all but a superadministrator.
 */
export const ranksAbove = (own: readonly string[], theirs: readonly string[]): boolean =>
  theirs.every((role) => role === 'member' || mayGive(own, role))

/** By a role of their own. */
export const isAdministrator = (own: readonly string[]): boolean =>
  rankAmong(own) >= rankAmong(['administrator'])

const deciding = { allow: 'administrator', emergency: 'election-manager' } as const

/** Whether somebody with these roles of their own decides about what others ask for: what is lent to them makes them nobody who does. */
export const decidesAbout = (kind: keyof typeof deciding, own: readonly string[]): boolean =>
  rankAmong(own) >= rankAmong([deciding[kind]])

/** Whether somebody with these roles of their own reads in the console what became of an override (language/base.cedar). */
export const readsOverrides = (own: readonly string[]): boolean =>
  decidesAbout('allow', own) || own.includes('auditor')

/**
 * policy → identity: somebody asked for what a role may do in an emergency, has it, was refused it, had it until somebody ended it, or before anybody had
 * decided it was taken back, or fell because they may not ask for it any more.
 */
export const emergencyChanged = 'policy.emergency_changed'
export const EmergencyChanged = z.object({
  id: z.string(),
  person: z.string(),
  role: Role,
  state: z.enum(['asked', 'in-force', 'refused', 'ended', 'taken-back', 'fell']),
  reason: z.string(),
  /** Who did it, as the audit log names them. */
  by: z.string(),
  at: z.iso.datetime(),
  /** When it ends by itself; null when it is not in force. */
  until: z.iso.datetime().nullable(),
  /** Until when somebody may decide about it; a policy of the version before does not say it. */
  decideBy: z.iso.datetime().nullable().default(null),
})
export type EmergencyChanged = z.output<typeof EmergencyChanged>

/** What Althing's own actions are, by their names; what is an organisation's own is not among them. */
export const ActionWords = z.record(z.string(), z.object({ is: z.string(), en: z.string() }))
export type ActionWords = z.output<typeof ActionWords>

/**
 * policy → identity: an override was asked for, came into force, was refused to whoever asked for it, was ended before its time, was taken back before
 * anybody had decided, fell because whoever asked may not ask any more, or nobody decided in time. What it is about stands in the letters, so that whoever gets two of them can tell which is which; why
 * it was wanted is read in the console, and in no letter.
 */
export const overrideChanged = 'policy.override_changed'
export const OverrideChanged = z.object({
  id: z.string(),
  kind: z.enum(['deny', 'allow']),
  state: z.enum(['asked', 'in-force', 'refused', 'ended', 'taken-back', 'fell', 'lapsed']),
  /** Whom it is about; null when that is no person. */
  person: z.string().nullable(),
  /** Who wanted it and who did this, as the audit log names them. */
  askedBy: z.string(),
  by: z.string(),
  /** When it ends by itself. */
  until: z.iso.datetime(),
  // A policy of the version before says none of these.
  decideBy: z.iso.datetime().nullable().default(null),
  actions: z.array(z.string()).default([]),
  words: ActionWords.default({}),
  /** Null: on all. */
  resource: Ref.nullable().default(null),
  /** What whoever refused or ended it wrote, for whoever asked and may not look. */
  why: z.string().nullable().default(null),
})
export type OverrideChanged = z.output<typeof OverrideChanged>

/** identity → policy: what somebody is lent, permitted or denied at this moment, for the page of their own account. */
export const StandingOf = z.object({
  standing: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['deny', 'allow', 'emergency']),
      /** Of emergency access. */
      role: Role.nullable(),
      actions: z.array(z.string()),
      // A policy of the version before does not say it.
      words: ActionWords.default({}),
      /** Null: on all. */
      resource: Ref.nullable(),
      reason: z.string(),
      until: z.iso.datetime(),
      /** Who gave it, as the audit log names them; not whom it is for. */
      by: z.array(z.string()),
    }),
  ),
})
export type StandingOf = z.output<typeof StandingOf>
export const standingOf = (person: string) => ({
  method: 'GET' as const,
  path: `/internal/policy/standing/${encodeURIComponent(person)}`,
  reply: StandingOf,
})

/** A draft of the organisation's policies. */
export const DraftId = z.string().regex(/^drf_[0-9a-f-]{36}$/)
export const DraftPath = z.strictObject({ id: DraftId })

/**
 * What can be wrong with what an organisation writes: own words for each (web/admin/texts, `problem.*`), and the values that they have places for.
 * What Cedar says in words of its own is `cedar.*`; of `cedar.other` only Cedar's sentence is known.
 */
export const complaints = {
  'too-deep': ['most'],
  'too-many-policies': ['most'],
  'too-many-kinds': [],
  'too-large': [],
  'types-too-large': [],
  'chain-too-long': [],
  'id-missing': [],
  'id-twice': [],
  'id-form': [],
  'id-of-althing': [],
  'id-reserved': ['prefix'],
  'action-of-althing': ['action'],
  'attribute-of-althing': ['attribute', 'kind'],
  'kind-of-althing': ['kind'],
  'not-decided': ['detail'],
  'link-id-taken': [],
  'link-template': ['template'],
  'link-needs': ['template', 'slot'],
  'link-has-no': ['template', 'slot'],
  'yaml-nested': [],
  'yaml-form': ['what'],
  'yaml-aliases': [],
  'yaml-missing': ['path'],
  'yaml-kind': ['path', 'kind'],
  'yaml-unknown': ['path', 'names'],
  'yaml-one-of': ['path', 'options'],
  'yaml-most': ['path', 'most'],
  'yaml-least': ['path', 'least'],
  'yaml-value': ['path'],
  'ref-form': ['path'],
  'value-deep': ['path', 'most'],
  'value-long': ['path', 'most'],
  'value-many': ['path', 'most'],
  'value-special': ['path'],
  'value-large': ['path'],
  'value-digits': ['path'],
  'moment-form': ['path'],
  'cedar.token': ['token', 'expected'],
  'cedar.value-expected': ['token'],
  'cedar.end': [],
  'cedar.string-open': [],
  'cedar.quotes': [],
  'cedar.sign': [],
  'cedar.scope-name': ['name'],
  'cedar.scope-missing': ['name'],
  'cedar.scope-order': ['name', 'wanted'],
  'cedar.scope-extra': ['name'],
  'cedar.scope-operator': ['sign'],
  'cedar.scope-one': ['sign'],
  'cedar.scope-entity': ['found'],
  'cedar.scope-set': [],
  'cedar.action-type': ['found'],
  'cedar.effect': ['found'],
  'cedar.condition': ['found'],
  'cedar.condition-empty': ['clause'],
  'cedar.variable': ['name'],
  'cedar.operator': ['sign', 'instead'],
  'cedar.operator-none': ['sign'],
  'cedar.number-large': [],
  'cedar.function': ['name'],
  'cedar.method': ['name'],
  'cedar.arguments': ['wanted', 'found'],
  'cedar.escape': ['escape'],
  'cedar.chain': [],
  'cedar.signs': ['sign'],
  'cedar.key-twice': ['name'],
  'cedar.annotation-twice': ['name'],
  'cedar.slot': ['slot', 'clause'],
  'cedar.like': ['found'],
  'cedar.has': ['found'],
  'cedar.is': ['found'],
  'cedar.index': ['found'],
  'cedar.reserved': ['name'],
  'cedar.attribute': ['name', 'kind'],
  'cedar.attribute-context': ['name', 'action'],
  'cedar.optional': ['name', 'kind'],
  'cedar.optional-context': ['name', 'action'],
  'cedar.tag': ['name', 'kind'],
  'cedar.types': ['left', 'right'],
  'cedar.type': ['wanted', 'found'],
  'cedar.kind': ['name'],
  'cedar.action': ['name'],
  'cedar.constant': ['what', 'value'],
  'cedar.literal-only': [],
  'cedar.empty-set': [],
  'cedar.impossible': [],
  'cedar.no-action': [],
  'cedar.mixed-scripts': ['text'],
  'cedar.bidi': ['text'],
  'cedar.confusable': ['text'],
  'cedar.schema-type': ['names'],
  'cedar.schema-twice': ['name'],
  'cedar.schema-cycle': ['name'],
  'cedar.schema-action': ['name'],
  'cedar.schema-applies': ['what', 'action'],
  'cedar.other': [],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type ComplaintCode = keyof typeof complaints

export const Complaint = z.object({
  code: z.enum(Object.keys(complaints) as ComplaintCode[]),
  values: z.record(z.string(), z.string()),
  /** The same in English, for command lines and logs. */
  message: z.string(),
})
export type Complaint = z.output<typeof Complaint>

/** Something that is wrong with what an organisation writes, and where. */
export const Problem = z.object({
  part: z.enum(['policies', 'schema', 'links', 'tests']),
  /** The `@id`, where one can be told. */
  policy: z.string().nullable(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  ...Complaint.shape,
})
export type Problem = z.output<typeof Problem>
