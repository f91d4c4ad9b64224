/** What became of each policy: which part of it decided that it does not apply, what stood there, and what was not there. */
import { EntityUid, Failure, writeValue, type Result } from '@althing/kernel/cedar'
import { cedarText, valueText } from './cedar-text.ts'
import {
  chainOf,
  goalsOf,
  operationOf,
  partsOf,
  type Expression,
  type Goal,
  type PolicyJson,
} from './expressions.ts'
import type { Probe } from './probe.ts'
import type { GoalTold, PolicyTold } from './schema.ts'

const shownAtMost = 200

export function policyTold(id: string, policy: PolicyJson, probe: Probe): PolicyTold {
  const goals = goalsOf(policy).map((goal) => goalTold(goal, probe))
  const { annotations = {} } = policy
  return {
    id,
    effect: policy.effect,
    applies: appliesOf(goals),
    goals,
    reason: { en: annotations['reason'] ?? null, is: annotations['reason_is'] ?? null },
    advice: annotations['advice'] ?? null,
    override: null,
  }
}

/** Looked at from the first on: after one that does not hold nothing fails any more. */
function appliesOf(goals: readonly GoalTold[]): PolicyTold['applies'] {
  const stop = goals.find(({ holds }) => holds !== 'yes')
  return stop?.holds ?? 'yes'
}

function goalTold({ of, expression, wanted }: Goal, probe: Probe): GoalTold {
  const text = cedarText(expression)
  const value = probe.evaluate(expression)
  if (value === wanted) return { of, text, holds: 'yes', because: null }
  const part = culprit(expression, wanted, probe)
  return {
    of,
    text,
    holds: value === !wanted ? 'no' : 'error',
    because: becauseOf(part, probe),
  }
}

/** The smallest part that made it so. */
function culprit(expression: Expression, wanted: boolean, probe: Probe): Expression {
  const operation = operationOf(expression)
  const { operator } = operation
  if (operator === '!') return culprit(partsOf(operation)['arg'], !wanted, probe)
  if (operator === 'if-then-else') {
    const { if: test, then, else: other } = partsOf(operation)
    const value = probe.evaluate(test)
    if (typeof value !== 'boolean') return culprit(test, true, probe)
    return culprit(value ? then : other, wanted, probe)
  }
  if (operator !== '&&' && operator !== '||') return expression
  const goesOnWhile = operator === '&&'
  const stop = chainOf(expression, operator).find((part) => probe.evaluate(part) !== goesOnWhile)
  // None alone made it so: they all did.
  if (stop === undefined) return expression
  const isFailed = typeof probe.evaluate(stop) !== 'boolean'
  return isFailed || wanted === goesOnWhile ? culprit(stop, goesOnWhile, probe) : stop
}

function becauseOf(part: Expression, probe: Probe): GoalTold['because'] {
  const value = probe.evaluate(part)
  return {
    text: cedarText(part),
    values: readings(part).flatMap((one) => {
      const read = probe.evaluate(one)
      return read instanceof Failure ? [] : [{ text: cedarText(one), value: shown(read) }]
    }),
    missing: missingIn(part, probe),
    message: value instanceof Failure ? value.message : null,
  }
}

function shown(value: Exclude<Result, Failure>): string {
  const text = valueText(writeValue(value))
  return text.length > shownAtMost ? `${text.slice(0, shownAtMost)} …` : text
}

/** What it reads: each name with a point, and each variable that stands alone. */
function readings(part: Expression): readonly Expression[] {
  const found = new Map<string, Expression>()
  const walk = (one: Expression): void => {
    const operation = operationOf(one)
    const { operator, operand } = operation
    if (operator === '.' || operator === 'Var') {
      if (operand !== 'context') found.set(cedarText(one), one)
    } else if (operator !== 'Value' && operator !== 'Record')
      for (const inner of operandsOf(operand)) walk(inner)
  }
  walk(part)
  return [...found.values()].slice(0, 8)
}

/** Expressions within one, however its operator holds them. */
function operandsOf(operand: unknown): readonly Expression[] {
  if (typeof operand !== 'object' || operand === null) return []
  if (Array.isArray(operand)) return operand.filter(isExpression)
  const {
    left,
    right,
    arg,
    if: test,
    then,
    else: other,
    in: group,
  } = operand as Readonly<Record<string, unknown>>
  return [left, right, arg, test, then, other, group].filter(isExpression)
}

const isExpression = (one: unknown): boolean => typeof one === 'object' && one !== null && !Array.isArray(one)

/** The first attribute that was asked for and is not there. */
function missingIn(part: Expression, probe: Probe): { of: string; name: string } | null {
  const operation = operationOf(part)
  const { operator, operand } = operation
  if (operator === '.' || operator === 'has') {
    const { left, attr } = partsOf(operation)
    const around = operationOf(left)
    const of = around.operator === 'Var' && around.operand === 'context' ? 'context' : ofWhat(left, probe)
    const inner = of === null ? missingIn(left, probe) : null
    if (inner !== null || of === null) return inner
    const path = Array.isArray(attr) ? (attr as string[]) : [String(attr)]
    const isThere = probe.evaluate({ has: { left, attr: path.length === 1 ? path[0] : path } })
    return isThere === false ? { of, name: path.join('.') } : null
  }
  for (const inner of operandsOf(operand)) {
    const found = missingIn(inner, probe)
    if (found !== null) return found
  }
  return null
}

/** By name when it is somebody or something, else as it is written. Null when there is nothing that could have it. */
function ofWhat(left: Expression, probe: Probe): string | null {
  const value = probe.evaluate(left)
  if (value instanceof EntityUid) return value.toString()
  return value instanceof Map ? cedarText(left) : null
}
