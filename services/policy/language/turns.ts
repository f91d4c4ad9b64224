/**
 * Who is next where few can be served at once: one of each asker at a time, and of those who wait whoever was served longest ago. So somebody who
 * asks for a thousand things waits for them alone.
 */
import { fault } from './faults.ts'

interface Options {
  readonly atOnce: number
  /** Of one asker, and of all together. */
  readonly waitingAtMost?: { readonly each: number; readonly all: number }
}

export interface Turns {
  /**
   * Whoever leaves gives their place to the next.
   * @param whose whoever asks; without it everything is asked by somebody of its own
   * @throws Fault policy.language.busy when as many wait as may, or when it has waited until `ends`
   */
  take(whose: string | undefined, ends: AbortSignal): Promise<{ leave(): void }>
}

type Asker = string | symbol
interface Waiting {
  readonly go: () => void
}

export const retryAfterSeconds = 5

export function createTurns({ atOnce, waitingAtMost = { each: 4, all: 32 } }: Options): Turns {
  const serving = new Set<Asker>()
  /** In the order in which they were served: whoever was longest ago stands first. */
  const waiting = new Map<Asker, readonly Waiting[]>()

  const count = () => [...waiting.values()].reduce((sum, { length }) => sum + length, 0)

  function next(): void {
    for (const [asker, [first, ...others]] of waiting) {
      if (serving.size >= atOnce) return
      if (serving.has(asker) || first === undefined) continue
      keep(asker, others)
      serving.add(asker)
      first.go()
    }
  }

  function leave(asker: Asker): void {
    serving.delete(asker)
    const own = waiting.get(asker) ?? []
    // Behind the others.
    waiting.delete(asker)
    keep(asker, own)
    next()
  }

  function keep(asker: Asker, list: readonly Waiting[]): void {
    if (list.length > 0) waiting.set(asker, list)
    else waiting.delete(asker)
  }

  return {
    async take(whose, ends) {
      const asker = whose ?? Symbol('asker')
      const own = waiting.get(asker) ?? []
      if (own.length >= waitingAtMost.each || count() >= waitingAtMost.all)
        throw fault.busy(undefined, { retryAfterSeconds })
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const one = { go: resolve }
      const late = () => {
        keep(
          asker,
          (waiting.get(asker) ?? []).filter((other) => other !== one),
        )
        reject(fault.busy(ends.reason, { retryAfterSeconds }))
      }
      keep(asker, [...own, one])
      ends.addEventListener('abort', late, { once: true })
      next()
      await promise.finally(() => ends.removeEventListener('abort', late))
      return { leave: () => leave(asker) }
    },
  }
}
