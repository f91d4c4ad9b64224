/**
 * What others may know of policy: the shapes of AuthZEN (Authorization API 1.0) and the list of roles. Neutral: subject, action and
 * resource are opaque. What a request says that is not known here is ignored, as the standard demands (section 6).
 */
import { z } from 'zod'

/** Bounds of the seed's policy service (functional-spec B4); the text of one value and its nesting are bounded where it is read. */
const Type = z.string().min(1).max(64)
const Id = z.string().min(1).max(512)
const ActionName = z.string().min(1).max(256)
const Properties = z.record(z.string().min(1).max(100), z.unknown()).refine(hasFew(50))

function hasFew(most: number) {
  return (properties: object) => Object.keys(properties).length <= most
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
  attributes: z.record(z.string(), z.unknown()),
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
  attributes: z.record(z.string(), z.unknown()),
  ancestors: z.array(Ref),
})
export type SeenEntity = z.output<typeof SeenEntity>

/** All that a decision was made of. */
export const Seen = z.object({
  entities: z.array(SeenEntity),
  context: z.record(z.string(), z.unknown()),
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

/**
 * Whether somebody with these roles may give or take this one: only what is below their own, so that nobody makes somebody whom they could
 * not stop again; a superadministrator any, the duties too.
 */
export function mayGive(own: readonly string[], role: string): boolean {
  if (own.includes('superadmin')) return true
  return rankOf(role) >= 0 && own.some((one) => rankOf(one) > rankOf(role))
}

/** A draft of the organisation's policies. */
export const DraftId = z.string().regex(/^drf_[0-9a-f-]{36}$/)
export const DraftPath = z.strictObject({ id: DraftId })
