/**
 * Which policies can matter to a question. A policy is kept where the fewest others are: by the one entity that its head names,
 * by the type, or among those for everybody; so a hundred thousand cost about what twenty do.
 */
import { Memory } from './memory.ts'
import type { Rule } from './policy.ts'
import { fits, fitsAction, type Constraint } from './scope.ts'
import type { EntityUid } from './uid.ts'
import type { World } from './world.ts'

export interface Plan {
  /** Policies that fit the principal; the rest of their heads has still to be compared. */
  ofPrincipal(world: World): readonly Rule[]
  /** Policies that are kept by the resource; their heads have still to be compared. */
  ofResource(world: World): readonly (readonly Rule[])[]
}

export interface Plans {
  /** Those whose action fits. */
  for(world: World): readonly Plan[]
}

const none: readonly never[] = []

/** So few are compared faster than looked up. */
const few = 16
/** Plans of so many actions are kept; a stranger's actions make none. */
const mostActions = 1024

export function createPlans(rules: readonly Rule[], index: boolean): Plans {
  return index ? indexed(rules) : unindexed(rules)
}

function unindexed(rules: readonly Rule[]): Plans {
  return {
    for: (world) => {
      const above = world.above(world.action)
      const fitting = rules.filter(
        (rule) =>
          fitsAction(rule.actions, world.action, above) &&
          fits(rule.principal, world.principal, world.abovePrincipal),
      )
      return [{ ofPrincipal: () => fitting, ofResource: () => none }]
    },
  }
}

interface Kept {
  /** The set of what the action is in: another one when that has changed. */
  readonly above: ReadonlySet<EntityUid>
  readonly plans: readonly Plan[]
}

function indexed(rules: readonly Rule[]): Plans {
  const always = rules.filter(({ actions }) => actions === undefined)
  const byAction = new Map<EntityUid, Rule[]>()
  for (const rule of rules) {
    for (const { uid } of rule.actions ?? []) putInto(byAction, uid, rule)
  }
  const forAny: readonly Plan[] = [planOf(always)]
  const kept = new Map<EntityUid, Kept>()
  return {
    for(world) {
      const { action } = world
      const above = world.above(action)
      const known = kept.get(action)
      if (known !== undefined && known.above === above) return known.plans
      const own = ownRules(byAction, action, above)
      if (own.length === 0) return forAny
      const plans = always.length <= few ? [planOf(inOrder([...always, ...own]))] : [...forAny, planOf(own)]
      if (kept.size >= mostActions) kept.clear()
      kept.set(action, { above, plans })
      return plans
    },
  }
}

function ownRules(
  byAction: ReadonlyMap<EntityUid, readonly Rule[]>,
  action: EntityUid,
  above: ReadonlySet<EntityUid>,
): Rule[] {
  const found = new Set<Rule>()
  for (const name of [action, ...above]) {
    for (const rule of byAction.get(name) ?? []) if (fitsAction(rule.actions, action, above)) found.add(rule)
  }
  return inOrder([...found])
}

const inOrder = (rules: Rule[]) => rules.sort((left, right) => left.order - right.order)

function planOf(rules: readonly Rule[]): Plan {
  return rules.length <= few ? new Flat(rules) : new Index(rules)
}

class Flat implements Plan {
  private readonly memory = new Memory()
  private readonly all: () => readonly Rule[]

  constructor(rules: readonly Rule[]) {
    this.all = () => rules
  }

  ofPrincipal(world: World): readonly Rule[] {
    return this.memory.recall(world, this.all)
  }

  ofResource(): readonly never[] {
    return none
  }
}

type Part = 'principal' | 'resource'
/** One thing that a policy's head demands, under which it can be kept. */
interface Place {
  readonly part: Part
  readonly by: 'is it' | 'is in' | 'type'
  readonly name: EntityUid | string
}

function placesOf(rule: Rule): Place[] {
  return (['resource', 'principal'] as const).flatMap((part): Place[] => {
    const { op, uid, type }: Constraint = rule[part]
    const byUid: Place[] = uid === undefined ? [] : [{ part, by: op === '==' ? 'is it' : 'is in', name: uid }]
    return type === undefined ? byUid : [...byUid, { part, by: 'type', name: type }]
  })
}

class Index implements Plan {
  private readonly sides = { principal: new Side(), resource: new Side() }
  private readonly rest: Rule[] = []
  private readonly memory = new Memory()

  constructor(rules: readonly Rule[]) {
    const placed = rules.map((rule) => ({ rule, places: placesOf(rule) }))
    const crowd = new Map<unknown, Map<string, number>>()
    const count = ({ part, by, name }: Place, more: number) => {
      const counts = crowd.get(name) ?? new Map<string, number>()
      crowd.set(name, counts)
      const key = `${part} ${by}`
      counts.set(key, (counts.get(key) ?? 0) + more)
      return counts.get(key) ?? 0
    }
    for (const { places } of placed) for (const place of places) count(place, 1)
    for (const { rule, places } of placed) {
      const best = places.toSorted((left, right) => count(left, 0) - count(right, 0))[0]
      if (best === undefined) this.rest.push(rule)
      else this.sides[best.part].put(best, rule)
    }
  }

  ofPrincipal(world: World): readonly Rule[] {
    return this.memory.recall(world, () => {
      const found = [this.rest]
      this.sides.principal.find(world.principal, world.abovePrincipal, found)
      return found.flat()
    })
  }

  ofResource(world: World): readonly (readonly Rule[])[] {
    const found: Rule[][] = []
    this.sides.resource.find(world.resource, world.aboveResource, found)
    return found
  }
}

class Side {
  private readonly byName = new Map<EntityUid, Rule[]>()
  private readonly byGroup = new Map<EntityUid, Rule[]>()
  private readonly byType = new Map<string, Rule[]>()

  put({ by, name }: Place, rule: Rule): void {
    if (typeof name === 'string') putInto(this.byType, name, rule)
    else putInto(by === 'is it' ? this.byName : this.byGroup, name, rule)
  }

  find(one: EntityUid, above: ReadonlySet<EntityUid>, found: Rule[][]): void {
    add(found, this.byName.get(one))
    add(found, this.byType.get(one.type))
    if (this.byGroup.size === 0) return
    add(found, this.byGroup.get(one))
    for (const name of above) if (name !== one) add(found, this.byGroup.get(name))
  }
}

function add(found: Rule[][], rules: Rule[] | undefined): void {
  if (rules !== undefined) found.push(rules)
}

function putInto<Key>(map: Map<Key, Rule[]>, key: Key, rule: Rule): void {
  const rules = map.get(key)
  if (rules === undefined) map.set(key, [rule])
  else rules.push(rule)
}
