/** An expression of Cedar's JSON as its authors would write it: so that what failed can be shown to them in their own words. */
import { writeJson } from '@althing/kernel/cedar'
import { chainOf, operationOf, type Expression } from './expressions.ts'

const longest = 400

/** Cut where nobody would read on. */
export function cedarText(expression: Expression): string {
  const text = write(expression, 0)
  return text.length > longest ? `${text.slice(0, longest)} …` : text
}

/** How tightly an operator binds: what binds less within it stands in brackets. */
const levels: Readonly<Record<string, number>> = {
  'if-then-else': 1,
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  in: 4,
  has: 4,
  like: 4,
  is: 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '!': 7,
  neg: 7,
}

type Parts = Readonly<Record<string, unknown>>
type Writer = (parts: Parts, operator: string, level: number) => string

function write(expression: Expression, outer: number): string {
  const { operator, operand } = operationOf(expression)
  const level = levels[operator] ?? 8
  const writer = Object.hasOwn(writers, operator) ? writers[operator] : undefined
  const text =
    operator === '&&' || operator === '||'
      ? chainOf(expression, operator)
          .map((part) => write(part, level + 1))
          .join(` ${operator} `)
      : writer === undefined
        ? call(operand, operator)
        : writer(operand as Parts, operator, level)
  return level < outer ? `(${text})` : text
}

const binary: Writer = ({ left, right }, operator, level) =>
  `${write(left, level + 1)} ${operator} ${write(right, level + 1)}`
const method: Writer = ({ left, right }, operator) => `${write(left, 8)}.${operator}(${write(right, 0)})`
const unary =
  (sign: string): Writer =>
  ({ arg }, _operator, level) =>
    `${sign}${write(arg, level)}`

const writers: Readonly<Record<string, Writer>> = {
  Value: (value) => valueText(value),
  Var: (name) => String(name),
  '!': unary('!'),
  neg: unary('-'),
  ...Object.fromEntries(
    ['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', 'in'].map((operator) => [operator, binary]),
  ),
  ...Object.fromEntries(
    ['contains', 'containsAll', 'containsAny', 'getTag', 'hasTag'].map((operator) => [operator, method]),
  ),
  isEmpty: ({ arg }) => `${write(arg, 8)}.isEmpty()`,
  '.': ({ left, attr }) =>
    isWord(attr) ? `${write(left, 8)}.${attr}` : `${write(left, 8)}[${JSON.stringify(attr)}]`,
  has: ({ left, attr }) => `${write(left, 5)} has ${hasText(attr)}`,
  is: ({ left, entity_type, in: group }) =>
    `${write(left, 5)} is ${String(entity_type)}${group === undefined ? '' : ` in ${write(group, 5)}`}`,
  like: ({ left, pattern }) => `${write(left, 5)} like ${patternText(pattern)}`,
  'if-then-else': ({ if: test, then, else: other }) =>
    `if ${write(test, 0)} then ${write(then, 0)} else ${write(other, 0)}`,
  Set: (members) => `[${(members as unknown as Expression[]).map((one) => write(one, 0)).join(', ')}]`,
  Record: (members) =>
    `{${Object.entries(members)
      .map(([name, one]) => `${JSON.stringify(name)}: ${write(one, 0)}`)
      .join(', ')}}`,
}

const functions: readonly string[] = ['ip', 'decimal', 'datetime', 'duration']

function call(operand: unknown, name: string): string {
  const parts = Array.isArray(operand) ? (operand as Expression[]) : []
  const [first, ...others] = parts
  if (functions.includes(name) || first === undefined)
    return `${name}(${parts.map((one) => write(one, 0)).join(', ')})`
  return `${write(first, 8)}.${name}(${others.map((one) => write(one, 0)).join(', ')})`
}

const isWord = (name: unknown): name is string => typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name)

function hasText(attribute: unknown): string {
  const path: readonly unknown[] = Array.isArray(attribute) ? attribute : [attribute]
  return path.every(isWord) ? path.join('.') : JSON.stringify(path[0])
}

function patternText(pattern: unknown): string {
  const parts = (pattern as readonly (string | { Literal: string })[]).map((one) =>
    typeof one === 'string'
      ? '*'
      : JSON.stringify(one.Literal)
          .slice(1, -1)
          .replaceAll('*', String.raw`\*`),
  )
  return `"${parts.join('')}"`
}

/** A value, in Cedar's JSON, as Cedar's language has it. */
export function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return writeJson(value)
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  const record = value as Parts
  if (Object.hasOwn(record, '__entity')) {
    const { type, id } = record['__entity'] as { type: string; id: string }
    return `${type}::${JSON.stringify(id)}`
  }
  if (Object.hasOwn(record, '__extn')) {
    const { fn, arg, args = [arg] } = record['__extn'] as { fn: string; arg?: unknown; args?: unknown[] }
    const [first, ...others] = args.map(valueText)
    return functions.includes(fn) ? `${fn}(${first})` : `${first}.${fn}(${others.join(', ')})`
  }
  return `{${Object.entries(record)
    .map(([name, one]) => `${JSON.stringify(name)}: ${valueText(one)}`)
    .join(', ')}}`
}
