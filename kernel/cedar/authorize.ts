/**
 * The decision: allowed when a permit applies and no forbid does. A policy that cannot be evaluated counts for nothing
 * and is told: whoever wants to be stricter looks at the errors.
 */
import { evaluate } from './code.ts'
import type { Entities } from './entities.ts'
import type { Failure } from './failure.ts'
import { mismatch } from './describe.ts'
import type { Rule } from './policy.ts'
import type { PolicySet } from './policy-set.ts'
import { fits } from './scope.ts'
import { World, type Request } from './world.ts'

export interface PolicyError {
  readonly policy: string
  readonly message: string
}

export interface Answer {
  readonly decision: 'allow' | 'deny'
  /** Ids of the policies that decided, in the order of the set: all forbids that apply, or else all permits. */
  readonly reasons: readonly string[]
  readonly errors: readonly PolicyError[]
}

const none: readonly never[] = []

export function authorize(set: PolicySet, request: Request, entities: Entities): Answer {
  const world = new World(request, entities)
  const found: Found = { permits: undefined, forbids: undefined, errors: undefined }
  for (const plan of set.plans.for(world)) {
    judge(plan.ofPrincipal(world), world, found)
    for (const rules of plan.ofResource(world))
      judge(
        rules.filter((rule) => isFor(rule, world)),
        world,
        found,
      )
  }
  const { permits, forbids, errors } = found
  const decided = forbids ?? permits
  return {
    decision: forbids === undefined && permits !== undefined ? 'allow' : 'deny',
    reasons: decided === undefined ? none : idsOf(decided),
    errors:
      errors === undefined
        ? none
        : errors.sort(byOrder).map(({ rule, failure }) => ({ policy: rule.id, message: failure.message })),
  }
}

interface Failed {
  readonly rule: Rule
  readonly failure: Failure
}

interface Found {
  permits: Rule[] | undefined
  forbids: Rule[] | undefined
  errors: Failed[] | undefined
}

const isFor = ({ principal }: Rule, world: World) => fits(principal, world.principal, world.abovePrincipal)

function judge(rules: readonly Rule[], world: World, found: Found): void {
  for (const rule of rules) {
    if (!rule.isForAnyResource && !fits(rule.resource, world.resource, world.aboveResource)) continue
    const value = rule.condition === undefined ? true : evaluate(rule.condition, world)
    if (value === false) continue
    if (value !== true) found.errors = and(found.errors, { rule, failure: mismatch('bool', value) })
    else if (rule.isForbid) found.forbids = and(found.forbids, rule)
    else found.permits = and(found.permits, rule)
  }
}

/** A list of one is made as that: one that is pushed into when it is empty takes room for many. */
function and<T>(list: T[] | undefined, one: T): T[] {
  if (list === undefined) return [one]
  list.push(one)
  return list
}

function idsOf(rules: Rule[]): readonly string[] {
  const [only] = rules
  if (rules.length === 1 && only !== undefined) return only.alone
  const ordered = isInOrder(rules) ? rules : rules.sort((left, right) => left.order - right.order)
  return ordered.map(({ id }) => id)
}

/** As they are found in one list they stand in their order already; to sort them would cost as much as to judge them. */
function isInOrder(rules: readonly Rule[]): boolean {
  let last = -1
  for (const { order } of rules) {
    if (order < last) return false
    last = order
  }
  return true
}

const byOrder = (left: Failed, right: Failed) => left.rule.order - right.rule.order
