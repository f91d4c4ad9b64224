/**
 * The decision: permit when some permit applies and no forbid does; deny otherwise (Cedar). We are stricter in one
 * thing: when a policy that could matter cannot be evaluated, the answer is deny, because Cedar would skip a broken forbid.
 */
import type { ActionScope, Bundle, Entity, Policy, Scope, Uid } from './cedar.ts'
import { compile, EntityRef, fromJson, type CedarRecord, type Value, type World } from './expression.ts'

export interface Question {
  readonly principal: Entity
  readonly action: string
  readonly resource: Entity
  readonly context?: Readonly<Record<string, unknown>>
}

export interface Decision {
  readonly decision: boolean
  /** Ids of the policies that decided. */
  readonly determining: readonly string[]
  /** Ids of the policies that could not be evaluated. */
  readonly errors: readonly string[]
}

export type Evaluator = (question: Question) => Decision

interface Ready {
  readonly id: string
  readonly effect: Policy['effect']
  applies(world: World): boolean
}

/** @throws UnsupportedPolicy for what cannot be evaluated faithfully: a bundle is taken whole or not at all. */
export function createEvaluator(bundle: Bundle): Evaluator {
  const policies = Object.entries(bundle.policies).map(([id, policy]) => ready(id, policy))
  const fixed = new Map(bundle.entities.map((one) => [keyOf(one.uid), one]))
  return (question) => decide(policies, createWorld(question, fixed))
}

function ready(id: string, policy: Policy): Ready {
  const conditions = policy.conditions.map(({ kind, body }) => ({
    wanted: kind === 'when',
    holds: compile(body),
  }))
  return {
    id,
    effect: policy.effect,
    applies: (world) =>
      inScope(world, policy.principal, world.principal) &&
      inActionScope(world, policy.action) &&
      inScope(world, policy.resource, world.resource) &&
      conditions.every(({ wanted, holds }) => boolean(holds(world)) === wanted),
  }
}

function boolean(value: Value): boolean {
  if (typeof value !== 'boolean') throw new TypeError('A condition is neither true nor false.')
  return value
}

function decide(policies: readonly Ready[], world: World): Decision {
  const applied: Record<Policy['effect'], string[]> = { permit: [], forbid: [] }
  const errors: string[] = []
  for (const policy of policies) {
    try {
      if (policy.applies(world)) applied[policy.effect].push(policy.id)
    } catch {
      errors.push(policy.id)
    }
  }
  if (applied.forbid.length > 0) return { decision: false, determining: applied.forbid, errors }
  const decision = applied.permit.length > 0 && errors.length === 0
  return { decision, determining: decision ? applied.permit : [], errors }
}

function inScope(world: World, scope: Scope, one: EntityRef): boolean {
  switch (scope.op) {
    case 'All':
      return true
    case '==':
      return one.type === scope.entity.type && one.id === scope.entity.id
    case 'in':
      return world.isIn(one, new EntityRef(scope.entity))
    case 'is':
      return (
        one.type === scope.entity_type &&
        (scope.in === undefined || world.isIn(one, new EntityRef(scope.in.entity)))
      )
  }
}

function inActionScope(world: World, scope: ActionScope): boolean {
  if (scope.op === 'in' && 'entities' in scope) {
    return scope.entities.some((group) => world.isIn(world.action, new EntityRef(group)))
  }
  return inScope(world, scope as Scope, world.action)
}

function createWorld(
  { principal, action, resource, context = {} }: Question,
  fixed: ReadonlyMap<string, Entity>,
): World {
  const asked = new Map([resource, withFactsOf(resource, principal)].map((one) => [keyOf(one.uid), one]))
  const find = (one: Uid) => asked.get(keyOf(one)) ?? fixed.get(keyOf(one))
  return {
    principal: new EntityRef(principal.uid),
    action: new EntityRef({ type: 'Action', id: action }),
    resource: new EntityRef(resource.uid),
    context: fromJson(context) as CedarRecord,
    attributes: (one) => {
      const found = find(one)
      return found === undefined ? undefined : (fromJson(found.attrs) as CedarRecord)
    },
    isIn: (child, parent) => reaches(child, keyOf(parent), find),
  }
}

/** Whoever acts on themselves is one entity: what is known of how they came must not be lost behind what is said of the thing. */
function withFactsOf(resource: Entity, principal: Entity): Entity {
  if (keyOf(resource.uid) !== keyOf(principal.uid)) return principal
  return {
    uid: principal.uid,
    parents: [...principal.parents, ...resource.parents],
    attrs: { ...resource.attrs, ...principal.attrs },
  }
}

/** Walks up the parents; each entity once, so that a circle ends. */
function reaches(child: Uid, goal: string, find: (one: Uid) => Entity | undefined): boolean {
  const [waiting, seen] = [[child], new Set<string>()]
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const key = keyOf(one)
    if (key === goal) return true
    if (seen.has(key)) continue
    seen.add(key)
    waiting.push(...(find(one)?.parents ?? []))
  }
  return false
}

function keyOf({ type, id }: Uid): string {
  return `${type}::${id}`
}
