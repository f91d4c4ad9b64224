/** Cedar's JSON expressions taken apart, and a policy as the list of all that must hold for it to apply. */
import { writeJson } from '@althing/kernel/cedar'
import { remembered } from '../remembered.ts'

/** As Cedar writes it: an object of one operator. What is here was compiled before, and so is what it should be. */
export type Expression = unknown
type Parts = Readonly<Record<string, Expression>>

export interface Operation {
  readonly operator: string
  readonly operand: unknown
}

export function operationOf(expression: Expression): Operation {
  const [entry] = Object.entries(expression as Readonly<Record<string, unknown>>)
  const [operator = '', operand] = entry ?? []
  return { operator, operand }
}

export const partsOf = ({ operand }: Operation): Parts => operand as Parts

const weights = remembered((expression: object) => writeJson(expression).length)

/** About what it costs to evaluate it: how long it is. */
export const weightOf = (expression: Expression): number => weights(expression as object)

/** `a && b && c` leans to the left as deep as it is long: taken apart without going down. */
export function chainOf(expression: Expression, operator: '&&' | '||'): readonly Expression[] {
  const parts: Expression[] = []
  let rest = expression
  for (;;) {
    const operation = operationOf(rest)
    if (operation.operator !== operator) break
    const { left, right } = partsOf(operation)
    parts.push(right)
    rest = left
  }
  return [...parts, rest].reverse()
}

/** One thing that must hold, or must not. */
export interface Goal {
  readonly of: 'principal' | 'action' | 'resource' | 'when' | 'unless'
  readonly expression: Expression
  readonly wanted: boolean
}

export interface PolicyJson {
  readonly effect: 'permit' | 'forbid'
  readonly principal: Scope
  readonly action: Scope
  readonly resource: Scope
  readonly conditions: readonly { readonly kind: 'when' | 'unless'; readonly body: Expression }[]
  readonly annotations?: Readonly<Record<string, string | null>>
}

interface Scope {
  readonly op: 'All' | '==' | 'in' | 'is'
  readonly entity?: unknown
  readonly entities?: readonly unknown[]
  readonly entity_type?: string
  readonly in?: { readonly entity: unknown }
}

/** In the order in which they are looked at; of one policy always the same, so that what was worked out for them is found again. */
export const goalsOf = remembered(
  ({ principal, action, resource, conditions }: PolicyJson): readonly Goal[] => {
    const heads = { principal, action, resource }
    return [
      ...Object.entries(heads).flatMap(([of, scope]) => headOf(of as keyof typeof heads, scope)),
      ...conditions.map(({ kind, body }) => ({ of: kind, expression: body, wanted: kind === 'when' })),
    ]
  },
)

function headOf(of: 'principal' | 'action' | 'resource', scope: Scope): Goal[] {
  const left = { Var: of }
  const value = (entity: unknown) => ({ Value: { __entity: bare(entity) } })
  const goal = (expression: Expression): Goal[] => [{ of, expression, wanted: true }]
  switch (scope.op) {
    case 'All':
      return []
    case '==':
      return goal({ '==': { left, right: value(scope.entity) } })
    case 'in': {
      const { entity, entities } = scope
      const right = entities === undefined ? value(entity) : { Set: entities.map(value) }
      return goal({ in: { left, right } })
    }
    case 'is': {
      const within = scope.in === undefined ? {} : { in: value(scope.in.entity) }
      return goal({ is: { left, entity_type: scope.entity_type, ...within } })
    }
  }
}

const bare = (entity: unknown): unknown =>
  typeof entity === 'object' && entity !== null && '__entity' in entity ? entity.__entity : entity
