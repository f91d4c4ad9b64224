/** What a denial lacks: for each permit that could apply the changes with which it does and nothing forbids it. Each way was tried to its end. */
import type { Ref } from '../known.ts'
import { isOfToken } from '../values.ts'
import { goalsOf, weightOf, type Goal, type PolicyJson } from './expressions.ts'
import { permitsIn, type Permit } from './permits.ts'
import type { Probe } from './probe.ts'
import type { Change, Sort } from './schema.ts'
import { inTurn, solve, type Budget, type Way } from './solving.ts'

/** A permit that could apply, and what it lacks. */
export interface Lack {
  readonly policy: string
  readonly way: Way
}

const toldAtMost = 5
/** Others wait while ways are tried: so only those are that lack the least. */
const comparedAtMost = 500
const triedAtMost = 24
/** In letters of what is evaluated: some hundredths of a second. */
const evaluatedAtMost = 1_000_000
/** What a decision in another world counts as. */
const decided = 500
/** A forbid that strikes after a change, and one that strikes after that. */
const obstaclesAtMost = 4

/**
 * @param candidates the permits that may be meant
 * @param budget how much may be looked at, all in all; without it as much as an explanation is worth
 */
export function lacks(
  candidates: Readonly<Record<string, unknown>>,
  probe: Probe,
  budget: Budget = { left: evaluatedAtMost },
): readonly Lack[] {
  const { policies } = probe.laid
  return nearest(candidates, probe, budget)
    .flatMap(({ id, goals }) => {
      const ways = inTurn(goals, probe, budget).flatMap((way) => clear(way, policies, probe, budget))
      const [best] = ways.toSorted((left, right) => left.length - right.length)
      return best === undefined || best.length === 0 ? [] : [{ policy: id, way: best }]
    })
    .sort((left, right) => left.way.length - right.way.length)
    .slice(0, toldAtMost)
}

/** Of those that are about the action the ones that lack the least. */
function nearest(
  candidates: Readonly<Record<string, unknown>>,
  probe: Probe,
  budget: Budget,
): readonly Permit[] {
  const { action } = probe.laid.request
  const about = permitsIn(candidates)(action, probe.entities.find(action)?.ancestors ?? [])
  const compared: (Permit & { readonly unmet: number })[] = []
  for (const permit of about.slice(0, comparedAtMost)) {
    budget.left -= permit.goals.reduce((sum, { expression }) => sum + weightOf(expression), 0)
    if (budget.left < 0) break
    compared.push({ ...permit, unmet: unmetOf(permit.goals, probe) })
  }
  return compared.toSorted((left, right) => left.unmet - right.unmet).slice(0, triedAtMost)
}

/** How much of it does not hold. */
export const unmetOf = (goals: readonly Goal[], probe: Probe): number =>
  goals.filter(({ expression, wanted }) => probe.evaluate(expression) !== wanted).length

/** The way with what it takes to get past whatever else stands in it; nothing when it does not come to a yes. */
function clear(
  way: Way,
  policies: Readonly<Record<string, unknown>>,
  probe: Probe,
  budget: Budget,
  depth = 0,
): readonly Way[] {
  budget.left -= decided
  if (budget.left < 0) return []
  const there = probe.with(way)
  const { decision, reasons, errors } = there.decide()
  if (decision) return [tidied(way)]
  const [obstacle] = [
    ...errors.map(({ policy }) => policy),
    ...reasons.filter((id) => isForbid(policies[id])),
  ]
  if (obstacle === undefined || depth === obstaclesAtMost) return []
  const around = goalsOf(policies[obstacle] as PolicyJson).flatMap(({ expression, wanted }) =>
    // A permit that could not be evaluated may also be made to hold.
    [!wanted, ...(isForbid(policies[obstacle]) ? [] : [wanted])].flatMap((one) =>
      solve(expression, one, there, budget).filter(({ length }) => length > 0),
    ),
  )
  for (const more of around.toSorted((left, right) => left.length - right.length).slice(0, 8)) {
    const cleared = clear([...way, ...more], policies, probe, budget, depth + 1)
    if (cleared.length > 0) return cleared
  }
  return []
}

const isForbid = (policy: unknown): boolean => (policy as PolicyJson).effect === 'forbid'

/** Of two words about one thing the later one counts. */
function tidied(way: Way): Way {
  const places = way.map((change) =>
    JSON.stringify('path' in change ? ['at', change.of, change.path] : ['in', change.of, change.in]),
  )
  return way.filter((_, n) => places.lastIndexOf(places[n] ?? '') === n)
}

export function sortOf(change: Change, principal: Ref): Sort {
  if (change.kind === 'join' || change.kind === 'leave') return change.in.type === 'Role' ? 'role' : 'group'
  if (change.of === null) return 'context'
  const isPrincipal = change.of.type === principal.type && change.of.id === principal.id
  return isPrincipal && isOfToken(change.path[0] ?? '') ? 'factor' : 'attribute'
}
