/** A question in a world that is a little otherwise: nothing of it is ever kept, and nobody else sees it. */
import {
  authorize,
  evaluateExpression,
  overlay,
  readValue,
  sameUid,
  uidOf,
  type Answer,
  type Attributes,
  type CedarRecord,
  type Entities,
  type EntityData,
  type EntityUid,
  type PolicySet,
  type Result,
  type Value,
} from '@althing/kernel/cedar'
import type { Laid } from '../deciding.ts'
import type { Ref } from '../known.ts'
import { asTimed } from '../moment.ts'
import { cedarOf } from '../values.ts'
import type { Expression } from './expressions.ts'
import type { Change } from './schema.ts'

export interface Probe {
  readonly laid: Laid
  readonly entities: Entities
  with(changes: readonly Change[]): Probe
  evaluate(expression: Expression): Result
  decide(set?: PolicySet): Pick<Answer, 'reasons' | 'errors'> & { readonly decision: boolean }
}

export function createProbe(laid: Laid): Probe {
  const { request, own, others, set } = laid
  const entities = overlay(own, others)
  return {
    laid,
    entities,
    with: (changes) =>
      changes.length === 0 ? createProbe(laid) : createProbe(changes.reduce(changed, laid)),
    evaluate: (expression) => evaluateExpression(expression, request, entities),
    decide(instead = set) {
      const { decision, reasons, errors } = authorize(instead, request, entities)
      // As the engine does: what could not be evaluated denies.
      return { decision: decision === 'allow' && errors.length === 0, reasons, errors }
    },
  }
}

function changed(before: Laid, change: Change): Laid {
  const laid = { ...before, own: before.own.map(climbing) }
  const { of } = change
  if (of === null) return { ...laid, request: { ...laid.request, context: asTimed(around(laid, change)) } }
  const uid = uidOf(of.type, of.id)
  const data = dataOf(uid, laid)
  const after = { ...data, ...alteration(data, change, laid) }
  return { ...laid, own: [...laid.own.filter((one) => !sameUid(one.uid, uid)), after] }
}

/** What somebody is in is found anew: what is known of it holds only as long as nothing of it is otherwise. */
const climbing = ({ ancestors, ...data }: EntityData): EntityData =>
  ancestors === undefined ? data : { ...data, parents: [...ancestors] }

function around({ request: { context } }: Laid, change: Change): CedarRecord {
  if (change.kind === 'set') return put(context, change.path, valueOf(change.value))
  return change.kind === 'unset' ? cut(context, change.path) : context
}

function alteration(before: EntityData, change: Change, laid: Laid): Partial<EntityData> {
  switch (change.kind) {
    case 'set':
    case 'unset':
      return { attributes: altered(before.attributes, change) }
    case 'join':
      return { parents: [...before.parents, uidOf(change.in.type, change.in.id)] }
    case 'leave':
      return { parents: before.parents.filter((parent) => !isWithin(parent, change.in, laid)) }
  }
}

/** Whoever leaves a group leaves everything through which they were in it. */
function isWithin(one: EntityUid, group: Ref, { own, others }: Laid): boolean {
  const uid = uidOf(group.type, group.id)
  if (sameUid(one, uid)) return true
  return [...(overlay(own, others).find(one)?.ancestors ?? [])].some((above) => sameUid(above, uid))
}

function dataOf(uid: EntityUid, { own, others }: Laid): EntityData {
  const given = own.find((one) => sameUid(one.uid, uid))
  if (given !== undefined) return given
  const known = others.find(uid)
  return {
    uid,
    parents: [...(known?.ancestors ?? [])],
    attributes: known?.attributes ?? new Map<string, Value>(),
    tags: known?.tags ?? new Map<string, Value>(),
  }
}

/** One attribute stands before the others, or is hidden. */
function altered(attributes: Attributes, change: Change & { readonly kind: 'set' | 'unset' }): Attributes {
  const [name = '', ...deeper] = change.path
  const within = deeper.length === 0 ? undefined : recordIn(attributes.get(name))
  const value =
    within === undefined
      ? change.kind === 'set'
        ? valueOf(change.value)
        : undefined
      : change.kind === 'set'
        ? put(within, deeper, valueOf(change.value))
        : cut(within, deeper)
  return {
    has: (one) => (one === name ? value !== undefined : attributes.has(one)),
    get: (one) => (one === name ? value : attributes.get(one)),
  }
}

const valueOf = (json: unknown): Value => readValue(cedarOf(json))
const recordIn = (value: Result | undefined): CedarRecord =>
  value instanceof Map ? (value as CedarRecord) : new Map<string, Value>()

function put(record: CedarRecord, [name = '', ...deeper]: readonly string[], value: Value): CedarRecord {
  const inner = deeper.length === 0 ? value : put(recordIn(record.get(name)), deeper, value)
  return new Map([...record, [name, inner]])
}

function cut(record: CedarRecord, [name = '', ...deeper]: readonly string[]): CedarRecord {
  if (!record.has(name)) return record
  const rest = new Map(record)
  if (deeper.length === 0) rest.delete(name)
  else rest.set(name, cut(recordIn(record.get(name)), deeper))
  return rest
}
