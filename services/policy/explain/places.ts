/** Where the value of an expression stands: an attribute of somebody or something, or a part of the context. */
import { EntityUid, Failure, type Result } from '@althing/kernel/cedar'
import type { Ref } from '../known.ts'
import { operationOf, partsOf, type Expression } from './expressions.ts'
import type { Probe } from './probe.ts'

export interface PlaceOfValue {
  /** Null: the context. */
  readonly of: Ref | null
  readonly path: string[]
}

/** Null of what is computed, or is a name: a principal is who it is. */
export function placeOf(expression: Expression, probe: Probe): PlaceOfValue | null {
  const operation = operationOf(expression)
  if (operation.operator !== '.') return null
  const { left, attr } = partsOf(operation)
  const name = String(attr)
  const inner = operationOf(left)
  if (inner.operator === 'Var' && inner.operand === 'context') return { of: null, path: [name] }
  const value = probe.evaluate(left)
  if (value instanceof EntityUid) return { of: { type: value.type, id: value.id }, path: [name] }
  const around = placeOf(left, probe)
  return around === null || !isRecordOrNothing(value) ? null : { ...around, path: [...around.path, name] }
}

/** A record that is not there yet can be made; into anything else nothing can be put. */
const isRecordOrNothing = (value: Result): boolean => value instanceof Map || value instanceof Failure
