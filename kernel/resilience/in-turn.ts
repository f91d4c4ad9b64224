import { isFault } from '../errors/index.ts'
import { isUntaken } from './untaken.ts'

/** Lets nothing through while what it guards is down; `run` throws then. */
export interface Guard {
  run<T>(work: () => Promise<T>): Promise<T>
}

interface Options {
  /** The fault that is about what was asked, and not about who was asked: no other way mends it. */
  readonly final: string
  readonly onFallback: () => void
}

/**
 * One way after another until one carries. What the first may have taken without saying so is carried by the second as well: whoever
 * hangs is away in the most usual manner, and a second way that waited for certainty would not be one. What is wrong with the thing
 * itself is wrong everywhere, and ends it. When none has carried it, the one that may have is told of: whoever counts must not take the
 * certainty of the last for that of all.
 */
export async function inTurn<W extends { readonly guard: Guard }, T>(
  ways: readonly [W, ...W[]],
  carry: (way: W) => Promise<T>,
  { final, onFallback }: Options,
): Promise<T> {
  let [last, isCertain]: [unknown, boolean] = [undefined, true]
  for (const [n, way] of ways.entries()) {
    if (n > 0) onFallback()
    try {
      return await way.guard.run(() => carry(way))
    } catch (error) {
      if (isFault(error, final)) throw error
      if (isCertain) last = error
      isCertain &&= isUntaken(error)
    }
  }
  throw last
}
