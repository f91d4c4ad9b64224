/** Holds everybody back until `parties` have arrived, then lets all go at once. */
export function createBarrier(parties: number): () => Promise<void> {
  let arrived = 0
  let open: () => void
  const opened = new Promise<void>((resolve) => (open = resolve))
  return () => {
    arrived += 1
    if (arrived >= parties) open()
    return opened
  }
}

export interface Raced<T> {
  won: T[]
  lost: unknown[]
}

/** Runs `attempt` that many times at once: the values of those that succeeded and the errors of the others. */
export async function race<T>(
  runners: number,
  attempt: (runner: number, ready: () => Promise<void>) => Promise<T>,
): Promise<Raced<T>> {
  const ready = createBarrier(runners)
  const results = await Promise.allSettled(
    Array.from({ length: runners }, (_, runner) => attempt(runner, ready)),
  )
  return {
    won: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    lost: results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
  }
}
