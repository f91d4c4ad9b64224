/** Random policy sets, entities and requests, in Cedar's own JSON. */
import type { Chance } from './cedar-chance.ts'
import { expression, type Writing } from './cedar-expressions.ts'
import { entityTypes, ids, randomRecord, randomUid } from './cedar-values.ts'

type Json = unknown

export interface PolicySetJson {
  readonly staticPolicies: Record<string, Json>
  readonly templates: Record<string, Json>
  readonly templateLinks: readonly Json[]
}

/** So many policies each; one set in three has links, too. */
export function randomPolicySet(chance: Chance, size: number): PolicySetJson {
  const writing = { chance, typed: chance.pick([100, 97, 90, 70]) }
  const onlyPermits = chance.oneIn(2)
  const linked = chance.oneIn(3) ? 4 : 0
  const names = Array.from({ length: size - linked }, (_, index) => `p${index}`)
  const policy = (slots: boolean) => randomPolicy(writing, onlyPermits, slots)
  const template = policy(true) as { principal: Json; resource: Json }
  const slots = [
    ...(JSON.stringify(template.principal).includes('?principal') ? ['?principal'] : []),
    ...(JSON.stringify(template.resource).includes('?resource') ? ['?resource'] : []),
  ]
  const links = Array.from({ length: slots.length === 0 ? 0 : linked }, (_, index) => ({
    templateId: 't',
    newId: `l${index}`,
    values: Object.fromEntries(slots.map((slot) => [slot, randomUid(chance)])),
  }))
  return {
    staticPolicies: Object.fromEntries(names.map((name) => [name, policy(false)])),
    templates: links.length === 0 ? {} : { t: template },
    templateLinks: links,
  }
}

function randomPolicy(writing: Writing, onlyPermits: boolean, slots: boolean): Json {
  const { chance } = writing
  return {
    effect: onlyPermits || !chance.oneIn(4) ? 'permit' : 'forbid',
    principal: randomScope(chance, slots ? '?principal' : undefined),
    action: randomActions(chance),
    resource: randomScope(chance, slots ? '?resource' : undefined),
    conditions: Array.from({ length: chance.below(8) === 0 ? 2 : chance.below(12) === 0 ? 0 : 1 }, () => ({
      kind: chance.oneIn(4) ? 'unless' : 'when',
      body: expression(writing, 'bool', 1 + chance.below(4)),
    })),
  }
}

function randomScope(chance: Chance, slot: string | undefined): Json {
  const named = () => (slot !== undefined && !chance.oneIn(4) ? { slot } : { entity: randomUid(chance) })
  switch (chance.below(slot === undefined ? 14 : 4)) {
    case 0:
      return { op: '==', ...named() }
    case 1:
    case 2:
      return { op: 'in', ...named() }
    case 3:
      return { op: 'is', entity_type: chance.pick(entityTypes), in: named() }
    case 4:
      return { op: 'is', entity_type: chance.pick(entityTypes) }
    default:
      return { op: 'All' }
  }
}

function randomActions(chance: Chance): Json {
  const action = () => ({ type: 'Action', id: chance.pick(ids) })
  switch (chance.below(10)) {
    case 0:
      return { op: '==', entity: action() }
    case 1:
      return { op: 'in', entity: action() }
    case 2:
      return { op: 'in', entities: Array.from({ length: chance.below(4) }, action) }
    default:
      return { op: 'All' }
  }
}

interface EntityJson {
  readonly uid: { readonly type: string; readonly id: string }
  readonly parents: readonly { readonly type: string; readonly id: string }[]
  readonly attrs: Record<string, Json>
  readonly tags: Record<string, Json>
}

/** About two in three of all names exist. Parents come before their children, so that nothing goes round in a circle. */
export function randomEntities(chance: Chance): EntityJson[] {
  const names = entityTypes.flatMap((type) => ids.map((id) => ({ type, id })))
  const order = names.map((uid) => ({ uid, at: chance.below(1000) })).sort((a, b) => a.at - b.at)
  return order.flatMap(({ uid }, index) => {
    if (chance.oneIn(3)) return []
    const above = order.slice(index + 1).map((one) => one.uid)
    const isAction = uid.type === 'Action'
    const allowed = above.filter(({ type }) => !isAction || type === 'Action')
    const parents = Array.from({ length: allowed.length === 0 ? 0 : chance.below(3) }, () =>
      chance.pick(allowed),
    )
    const distinct = [...new Set(parents)]
    return [
      {
        uid,
        parents: distinct,
        attrs: isAction ? {} : randomRecord(chance, 2, 5),
        tags: isAction ? {} : randomRecord(chance, 1, 3),
      },
    ]
  })
}

export function randomRequest(chance: Chance) {
  return {
    principal: randomUid(chance),
    action: { type: 'Action', id: chance.pick(ids) },
    resource: randomUid(chance),
    context: randomRecord(chance, 2, 5),
  }
}
