/** How deep things stand within each other: every question about one of them, and every change above it, costs by that. */
import type { Step } from './schema.ts'

export const levelsAtMost = 100

/** How many steps the longest way up has; endless where one leads back to where it began. From the bottom up, each when all below it is known. */
export function longestWay(steps: readonly Step[]): number {
  const nodes = nodesOf(steps)
  const ready = [...nodes.values()].filter(({ waitsFor }) => waitsFor === 0)
  let [longest, done] = [0, 0]
  for (let one = ready.pop(); one !== undefined; one = ready.pop()) {
    done += 1
    longest = Math.max(longest, one.below)
    for (const parent of one.parents) {
      parent.below = Math.max(parent.below, one.below + 1)
      parent.waitsFor -= 1
      if (parent.waitsFor === 0) ready.push(parent)
    }
  }
  return done < nodes.size ? Infinity : longest
}

interface Node {
  readonly parents: Node[]
  /** Levels under it, as far as they are known. */
  below: number
  /** So many steps from below are not known yet. */
  waitsFor: number
}

function nodesOf(steps: readonly Step[]): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>()
  const at = ({ type, id }: Step['subject']): Node => {
    const key = JSON.stringify([type, id])
    const node = nodes.get(key) ?? { parents: [], below: 0, waitsFor: 0 }
    nodes.set(key, node)
    return node
  }
  for (const { subject, object } of steps) {
    const parent = at(object)
    at(subject).parents.push(parent)
    parent.waitsFor += 1
  }
  return nodes
}
