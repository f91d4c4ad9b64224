/** The head of a policy: for whom, for what action, on what. It never fails, so it can be looked up instead of evaluated. */
import { fields, text } from './code.ts'
import { Refused } from './failure.ts'
import type { Notes } from './notes.ts'
import { isObject, readUid } from './read-value.ts'
import { sameUid, type EntityUid } from './uid.ts'
import { isAmong } from './world.ts'

export type Slot = '?principal' | '?resource'
/** What a template is linked with. */
export type Slots = Readonly<Partial<Record<Slot, EntityUid>>>

/** What principal or resource must be. With `is` and no `in` there is no `uid`. */
export interface Constraint {
  readonly op: 'All' | '==' | 'in' | 'is'
  readonly uid: EntityUid | undefined
  readonly type: string | undefined
}

/** Nothing for any action. */
export type Actions = readonly { readonly uid: EntityUid; readonly orBelow: boolean }[]

interface Reading {
  readonly notes: Notes
  readonly slots: Slots
}

/** @throws Refused */
export function readConstraint(json: unknown, own: 'principal' | 'resource', reading: Reading): Constraint {
  const op = isObject(json) ? json['op'] : undefined
  switch (op) {
    case 'All':
      fields(json, ['op'])
      return { op, uid: undefined, type: undefined }
    case '==':
      return {
        op,
        uid: entityOrSlot(fields(json, ['op'], ['entity', 'slot']), own, reading),
        type: undefined,
      }
    case 'in':
      reading.notes.hierarchy(own)
      return {
        op,
        uid: entityOrSlot(fields(json, ['op'], ['entity', 'slot']), own, reading),
        type: undefined,
      }
    case 'is':
      return isConstraint(json, own, reading)
    default:
      throw new Refused(`The scope of the ${own} has no known operator`)
  }
}

function isConstraint(json: unknown, own: 'principal' | 'resource', reading: Reading): Constraint {
  const { entity_type, in: group } = fields(json, ['op', 'entity_type'], ['in'])
  const type = text(entity_type, 'An entity type')
  if (group === undefined) return { op: 'is', uid: undefined, type }
  reading.notes.hierarchy(own)
  return { op: 'is', uid: entityOrSlot(fields(group, [], ['entity', 'slot']), own, reading), type }
}

function entityOrSlot(
  { entity, slot }: { readonly entity?: unknown; readonly slot?: unknown },
  own: 'principal' | 'resource',
  { notes, slots }: Reading,
): EntityUid {
  if ((entity === undefined) === (slot === undefined)) throw new Refused('A scope names an entity or a slot')
  if (slot !== undefined && slot !== `?${own}`)
    throw new Refused(`There is no slot ${String(slot)} for the ${own}`)
  const uid = slot === undefined ? readUid(entity) : slots[slot as Slot]
  if (uid === undefined) throw new Refused(`The slot ${String(slot)} is not filled`)
  return notes.holding(uid.type, uid.id)
}

/** @throws Refused */
export function readActions(json: unknown, notes: Notes): Actions | undefined {
  const op = isObject(json) ? json['op'] : undefined
  const hold = (entity: unknown) => {
    const { type, id } = readUid(entity)
    return notes.holding(type, id)
  }
  if (op === 'All') return void fields(json, ['op'])
  if (op === '==') return [{ uid: hold(fields(json, ['op', 'entity']).entity), orBelow: false }]
  if (op !== 'in') throw new Refused('The scope of the action has no known operator')
  notes.hierarchy('action')
  const { entity, entities } = fields(json, ['op'], ['entity', 'entities'])
  if ((entity === undefined) === (entities === undefined)) throw new Refused('A scope names entities or one')
  if (entity !== undefined) return [{ uid: hold(entity), orBelow: true }]
  if (!Array.isArray(entities)) throw new Refused('The actions of a scope are a list')
  return entities.map((one) => ({ uid: hold(one), orBelow: true }))
}

export function fits({ op, uid, type }: Constraint, one: EntityUid, above: ReadonlySet<EntityUid>): boolean {
  if (op === 'All') return true
  if (op === '==') return one === uid
  if (op === 'is' && one.type !== type) return false
  return uid === undefined || one === uid || above.has(uid)
}

export function fitsAction(
  actions: Actions | undefined,
  one: EntityUid,
  above: ReadonlySet<EntityUid>,
): boolean {
  if (actions === undefined) return true
  return actions.some(({ uid, orBelow }) => sameUid(one, uid) || (orBelow && isAmong(above, uid)))
}
