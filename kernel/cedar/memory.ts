/**
 * What was worked out for a principal whose entity is known: which policies its name, its place and its attributes leave of a list.
 * It is good as long as nothing of the entity changes, and is limited in number.
 */
import { evaluate } from './code.ts'
import type { Rule } from './policy.ts'
import { fits } from './scope.ts'
import type { World } from './world.ts'

/** Principals of one list; with all forgotten at once there is nothing to keep in order. */
const most = 4096

export class Memory {
  private readonly known = new Map<object, readonly Rule[]>()

  recall(world: World, rules: () => readonly Rule[]): readonly Rule[] {
    const state = world.principalEntity?.state
    if (state === undefined) return fitting(rules(), world)
    return (
      this.known.get(state) ??
      this.learn(
        state,
        fitting(rules(), world).filter((rule) => mayApply(rule, world)),
      )
    )
  }

  private learn(state: object, rules: readonly Rule[]): readonly Rule[] {
    if (this.known.size >= most) this.known.clear()
    this.known.set(state, rules)
    return rules
  }
}

function fitting(rules: readonly Rule[], world: World): readonly Rule[] {
  return rules.filter(({ principal }) => fits(principal, world.principal, world.abovePrincipal))
}

/** A condition that asks for nothing but the principal has its answer; an error stays to be told. */
function mayApply({ condition }: Rule, world: World): boolean {
  return condition?.isOfPrincipal !== true || evaluate(condition, world) !== false
}
