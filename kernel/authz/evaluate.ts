/**
 * The decision: permit when some permit applies and no forbid does; deny otherwise (Cedar). We are stricter in one
 * thing: when a policy that could matter cannot be evaluated, the answer is deny, because Cedar would skip a broken forbid.
 */
import {
  authorize,
  createPolicySet,
  DateTime,
  EntityStore,
  overlay,
  readsOfContext,
  readEntity,
  readUid,
  uidOf,
  Unread,
  type EntityData,
  type Result,
} from '../cedar/index.ts'
import type { Bundle, Entity } from './cedar.ts'

export interface Question {
  readonly principal: Entity
  readonly action: string
  readonly resource: Entity
  readonly context?: Readonly<Record<string, unknown>>
  /** What policies read as `context.now`, whatever stands there otherwise. Where it is not said, a policy that reads it fails. */
  readonly now?: Date
}

export interface Decision {
  readonly decision: boolean
  /** Ids of the policies that decided. */
  readonly determining: readonly string[]
  /** Ids of the policies that could not be evaluated. */
  readonly errors: readonly string[]
}

export type Evaluator = (question: Question) => Decision

/** @throws Refused for what cannot be evaluated faithfully: a bundle is taken whole or not at all. */
export function createEvaluator(bundle: Bundle): Evaluator {
  const policies = createPolicySet({ staticPolicies: bundle.policies })
  const fixed = new EntityStore()
  for (const one of bundle.entities) fixed.upsert(readEntity(one))
  const readsClock = readsOfContext(policies, 'now')
  return ({ principal, action, resource, context = {}, now }) => {
    const asked = [withFactsOf(resource, principal), resource].map(asData)
    const { decision, reasons, errors } = authorize(
      policies,
      {
        principal: readUid(principal.uid),
        action: uidOf('Action', action),
        resource: readUid(resource.uid),
        context: readsClock ? new Timed(context, now) : new Unread(context),
      },
      overlay(asked, fixed),
    )
    const allows = decision === 'allow' && errors.length === 0
    return {
      decision: allows,
      determining: decision === 'deny' || allows ? reasons : [],
      errors: errors.map(({ policy }) => policy),
    }
  }
}

/** The time is there for whoever asks for it by its name: as a whole the context is what was said, and a comparison with all of it holds. */
class Timed extends Unread {
  private readonly at: Date | undefined

  constructor(context: NonNullable<Question['context']>, at: Date | undefined) {
    const { now: _, ...others } = context
    super(others)
    this.at = at
  }

  override has(name: string): boolean {
    return name === 'now' ? this.at !== undefined : super.has(name)
  }

  override get(name: string): Result | undefined {
    if (name !== 'now') return super.get(name)
    return this.at === undefined ? undefined : new DateTime(this.at.getTime())
  }
}

/** What a stranger says beside the question may be anything: what is no value of Cedar fails the policy that reads it. */
function asData({ uid, parents, attrs }: Entity): EntityData {
  return {
    uid: readUid(uid),
    parents: parents.map(readUid),
    attributes: new Unread(attrs),
    tags: new Map(),
  }
}

/** Whoever acts on themselves is one entity: what is known of how they came must not be lost behind what is said of the thing. */
function withFactsOf(resource: Entity, principal: Entity): Entity {
  if (resource.uid.type !== principal.uid.type || resource.uid.id !== principal.uid.id) return principal
  return {
    uid: principal.uid,
    parents: [...principal.parents, ...resource.parents],
    attrs: { ...resource.attrs, ...principal.attrs },
  }
}
