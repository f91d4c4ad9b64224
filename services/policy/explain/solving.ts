/**
 * What would have to be otherwise for an expression to come out as wanted. It knows the ways that policies are usually written, and says
 * nothing of the others; whatever it says is tried before anybody hears of it, so it may guess.
 */
import { CedarSet, EntityUid, Failure, writeValue, type Result, type Value } from '@althing/kernel/cedar'
import type { Ref } from '../known.ts'
import { chainOf, operationOf, partsOf, weightOf, type Expression } from './expressions.ts'
import { placeOf, type PlaceOfValue } from './places.ts'
import type { Probe } from './probe.ts'
import type { Change } from './schema.ts'

/** One way: all of these together. */
export type Way = readonly Change[]

/** So many ways are followed at each fork. */
const waysAtMost = 4
const already: readonly Way[] = [[]]
const none: readonly Way[] = []

/** Counts down what may still be evaluated, in letters: a policy of a thousand branches is not followed into all of them. */
export interface Budget {
  left: number
}

export function solve(expression: Expression, wanted: boolean, probe: Probe, budget: Budget): readonly Way[] {
  budget.left -= weightOf(expression)
  if (budget.left < 0) return none
  if (probe.evaluate(expression) === wanted) return already
  const { operator } = operationOf(expression)
  const solver = Object.hasOwn(solvers, operator) ? solvers[operator] : undefined
  return (solver?.({ expression, wanted, probe, budget }) ?? none).slice(0, waysAtMost)
}

interface Asked {
  readonly expression: Expression
  readonly wanted: boolean
  readonly probe: Probe
  readonly budget: Budget
}
type Solver = (asked: Asked) => readonly Way[]

/** All of them, one after the other: each in the world that those before it made. */
export function inTurn(
  goals: readonly { readonly expression: Expression; readonly wanted: boolean }[],
  probe: Probe,
  budget: Budget,
): readonly Way[] {
  let ways = already
  for (const { expression, wanted } of goals) {
    ways = ways
      .flatMap((way) => solve(expression, wanted, probe.with(way), budget).map((more) => [...way, ...more]))
      .slice(0, waysAtMost)
    if (ways.length === 0) return none
  }
  return ways
}

const shortestFirst = (ways: readonly Way[]): readonly Way[] =>
  ways.toSorted((left, right) => left.length - right.length)

function chain(operator: '&&' | '||'): Solver {
  return ({ expression, wanted, probe, budget }) => {
    const parts = chainOf(expression, operator)
    if (wanted === (operator === '&&'))
      return inTurn(
        parts.map((part) => ({ expression: part, wanted })),
        probe,
        budget,
      )
    return shortestFirst(
      parts.slice(0, 32).flatMap((part, place) => {
        // Those before it decide whether it is looked at, and must not fail.
        const before = parts.slice(0, place).map((one) => ({ expression: one, wanted: !wanted }))
        return inTurn([...before, { expression: part, wanted }], probe, budget)
      }),
    )
  }
}

const choice: Solver = ({ expression, wanted, probe, budget }) => {
  const { if: test, then, else: other } = partsOf(operationOf(expression))
  return shortestFirst(
    [true, false].flatMap((isThen) =>
      inTurn(
        [
          { expression: test, wanted: isThen },
          { expression: isThen ? then : other, wanted },
        ],
        probe,
        budget,
      ),
    ),
  )
}

/** Of two sides the one that stands somewhere, and what the other one is. */
function sides(left: Expression, right: Expression, probe: Probe) {
  return [
    { place: placeOf(left, probe), value: probe.evaluate(right), isLeft: true },
    { place: placeOf(right, probe), value: probe.evaluate(left), isLeft: false },
  ].flatMap(({ place, value, isLeft }) =>
    place === null || value instanceof Failure ? [] : [{ place, value, isLeft }],
  )
}

function set(place: PlaceOfValue, value: Value, instead?: 'other' | 'any'): readonly Way[] {
  const json = writeValue(value)
  // What JSON cannot carry exactly cannot be told.
  if (JSON.stringify(json, (_, one: unknown) => (typeof one === 'bigint' ? undefined : one)) !== safely(json))
    return none
  return [[{ kind: 'set', ...place, value: json, ...(instead === undefined ? {} : { instead }) }]]
}

const safely = (json: unknown): string | undefined => {
  try {
    return JSON.stringify(json)
  } catch {
    return undefined
  }
}

/** Something that it is not, of its kind; nothing where none comes to mind. */
function otherThan(value: Value): Value | undefined {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return Number.isSafeInteger(value + 1) ? value + 1 : value - 1
  if (typeof value === 'string') return `not ${value}`
  return value instanceof EntityUid ? new EntityUid(value.type, `not ${value.id}`) : undefined
}

function equality(isEqual: boolean): Solver {
  return ({ expression, wanted, probe }) => {
    const { left, right } = partsOf(operationOf(expression))
    return sides(left, right, probe).flatMap(({ place, value }) => {
      if (wanted === isEqual) return set(place, value)
      const other = otherThan(value)
      return other === undefined ? none : set(place, other, typeof value === 'boolean' ? undefined : 'other')
    })
  }
}

/** @param distance of the left side to the right, at which it holds */
function order(distance: { readonly yes: number; readonly no: number }): Solver {
  return ({ expression, wanted, probe }) => {
    const { left, right } = partsOf(operationOf(expression))
    const far = wanted ? distance.yes : distance.no
    return sides(left, right, probe).flatMap(({ place, value, isLeft }) => {
      if (typeof value !== 'number' || !Number.isSafeInteger(value + 1) || !Number.isSafeInteger(value - 1))
        return none
      return set(place, isLeft ? value + far : value - far)
    })
  }
}

const refOf = ({ type, id }: EntityUid): Ref => ({ type, id })
const uidsIn = (value: Result): readonly EntityUid[] => {
  if (value instanceof EntityUid) return [value]
  return value instanceof CedarSet ? [...value].filter((one) => one instanceof EntityUid) : []
}

function within(left: Expression, groups: readonly EntityUid[], { wanted, probe }: Asked): readonly Way[] {
  const child = probe.evaluate(left)
  if (!(child instanceof EntityUid) || child.type === 'Action') return none
  if (wanted) return groups.map((group) => [{ kind: 'join', of: refOf(child), in: refOf(group) }])
  if (groups.some((group) => group.type === child.type && group.id === child.id)) return none
  return [groups.map((group) => ({ kind: 'leave' as const, of: refOf(child), in: refOf(group) }))]
}

const isIn: Solver = (asked) => {
  const { left, right } = partsOf(operationOf(asked.expression))
  return within(left, uidsIn(asked.probe.evaluate(right)), asked)
}

/** A type is what it is; what stands beside it may be otherwise. */
const isOf: Solver = (asked) => {
  const { left, entity_type, in: group } = partsOf(operationOf(asked.expression))
  const child = asked.probe.evaluate(left)
  if (group === undefined || !(child instanceof EntityUid) || child.type !== entity_type) return none
  return within(left, uidsIn(asked.probe.evaluate(group)), asked)
}

const has: Solver = ({ expression, wanted, probe }) => {
  const { left, attr } = partsOf(operationOf(expression))
  const path = Array.isArray(attr) ? (attr as string[]) : [String(attr)]
  const place = placeOf(
    path.reduce<Expression>((of, name) => ({ '.': { left: of, attr: name } }), left),
    probe,
  )
  if (place === null) return none
  return wanted ? set(place, true, 'any') : [[{ kind: 'unset', ...place }]]
}

const membersOf = (value: Result): readonly Value[] => (value instanceof CedarSet ? [...value] : [])

const contains: Solver = ({ expression, wanted, probe }) => {
  const { left, right } = partsOf(operationOf(expression))
  const [place, member] = [placeOf(left, probe), probe.evaluate(right)]
  if (place !== null && !(member instanceof Failure))
    return set(place, including(membersOf(probe.evaluate(left)), [member], wanted))
  const [listed, of] = [membersOf(probe.evaluate(left)), placeOf(right, probe)]
  if (of === null || !wanted) return none
  return listed.slice(0, waysAtMost).flatMap((one) => set(of, one))
}

function including(members: readonly Value[], these: readonly Value[], wanted: boolean): CedarSet {
  const gone = new CedarSet(these)
  return new CedarSet(wanted ? [...members, ...these] : members.filter((one) => !gone.has(one)))
}

function containing(all: boolean): Solver {
  return ({ expression, wanted, probe }) => {
    const { left, right } = partsOf(operationOf(expression))
    const place = placeOf(left, probe)
    const these = membersOf(probe.evaluate(right))
    if (place === null || these.length === 0) return none
    // One of them is enough to have any, and one that is not there to have not all.
    const some = all === wanted ? these : these.slice(0, 1)
    return set(place, including(membersOf(probe.evaluate(left)), some, wanted))
  }
}

/** Where anything may stand in it, nothing does. */
const like: Solver = ({ expression, wanted, probe }) => {
  const { left, pattern } = partsOf(operationOf(expression))
  const place = placeOf(left, probe)
  if (place === null || !wanted) return none
  const pieces = (pattern as readonly (string | { Literal: string })[]).map((one) =>
    typeof one === 'string' ? '' : one.Literal,
  )
  return set(place, pieces.join(''), 'other')
}

const solvers: Readonly<Record<string, Solver>> = {
  '&&': chain('&&'),
  '||': chain('||'),
  '!': ({ expression, wanted, probe, budget }) =>
    solve(partsOf(operationOf(expression))['arg'], !wanted, probe, budget),
  'if-then-else': choice,
  '==': equality(true),
  '!=': equality(false),
  '<': order({ yes: -1, no: 0 }),
  '<=': order({ yes: 0, no: 1 }),
  '>': order({ yes: 1, no: 0 }),
  '>=': order({ yes: 0, no: -1 }),
  in: isIn,
  is: isOf,
  has,
  contains,
  containsAll: containing(true),
  containsAny: containing(false),
  like,
  '.': ({ expression, wanted, probe }) => {
    const place = placeOf(expression, probe)
    return place === null ? none : set(place, wanted)
  },
}
