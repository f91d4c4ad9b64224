/** One policy of Cedar's JSON policy format, compiled: its head, and what must hold beside it. */
import { code, fields, type Code } from './code.ts'
import { compile } from './expression.ts'
import { Refused } from './failure.ts'
import { all, not } from './logic.ts'
import type { Notes } from './notes.ts'
import { isObject } from './read-value.ts'
import { readActions, readConstraint, type Actions, type Constraint, type Slots } from './scope.ts'

export interface Rule {
  readonly id: string
  /** The id alone, as the reasons of an answer that this policy decides by itself. */
  readonly alone: readonly string[]
  /** Where it stands among all, so that answers name policies in one order. */
  readonly order: number
  readonly isForbid: boolean
  readonly principal: Constraint
  readonly actions: Actions | undefined
  readonly resource: Constraint
  readonly isForAnyResource: boolean
  /** Nothing when the head is all there is. */
  readonly condition: Code | undefined
}

interface Given {
  readonly id: string
  readonly order: number
  readonly slots: Slots
  readonly notes: Notes
}

/** @throws Refused with the policy's id, for whatever is not understood */
export function compilePolicy(json: unknown, { id, order, slots, notes }: Given): Rule {
  try {
    const names = ['effect', 'principal', 'action', 'resource', 'conditions'] as const
    const policy = fields(json, names, ['annotations'])
    if (policy.effect !== 'permit' && policy.effect !== 'forbid')
      throw new Refused('The effect is neither permit nor forbid')
    const resource = readConstraint(policy.resource, 'resource', { notes, slots })
    return {
      id,
      alone: [id],
      order,
      isForbid: policy.effect === 'forbid',
      principal: readConstraint(policy.principal, 'principal', { notes, slots }),
      actions: readActions(policy.action, notes),
      resource,
      isForAnyResource: resource.op === 'All',
      condition: conditionOf(policy.conditions, notes),
    }
  } catch (error) {
    if (error instanceof Refused) throw new Refused(`Policy ${id}: ${error.message}`)
    throw error
  }
}

function conditionOf(json: unknown, notes: Notes): Code | undefined {
  if (!Array.isArray(json)) throw new Refused('The conditions are a list')
  const parts = json.map((one) => {
    const { kind, body } = fields(one, ['kind', 'body'])
    if (kind !== 'when' && kind !== 'unless') throw new Refused('A condition is neither when nor unless')
    const condition = compile(body, notes)
    return kind === 'when' ? condition : not(condition)
  })
  return parts.length > 1 ? code(all(parts), ...parts) : parts[0]
}

/** The slots that a template has, so that a link fills all of them and no other. */
export function slotsOf(json: unknown): readonly string[] {
  const { principal, resource } = isObject(json) ? json : {}
  return [principal, resource].flatMap((scope) => {
    const within = isObject(scope) && isObject(scope['in']) ? scope['in'] : scope
    const slot = isObject(within) ? within['slot'] : undefined
    return typeof slot === 'string' ? [slot] : []
  })
}
