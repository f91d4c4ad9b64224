/**
 * A world changes where it stands, and whoever decides much in it gives way in between: so as long as somebody holds it, what is newer waits,
 * and with it those who asked after it had come. Nobody takes hold of it anew meanwhile, for they ask first: so it is never for long.
 */
export interface Holding {
  hold<T>(work: () => Promise<T>): Promise<T>
  /** When nobody holds it any more. What is done at once then is done to a world that nobody holds. */
  free(): Promise<void>
}

export function createHolding(): Holding {
  const holders = new Set<symbol>()
  let waiting: (() => void)[] = []

  function release(holder: symbol): void {
    holders.delete(holder)
    if (holders.size > 0) return
    for (const go of waiting) go()
    waiting = []
  }

  return {
    async hold(work) {
      const holder = Symbol('holder')
      holders.add(holder)
      try {
        return await work()
      } finally {
        release(holder)
      }
    },
    async free() {
      while (holders.size > 0) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}
