/**
 * Group commit: while one batch is being stored the next one gathers, and goes as soon as the first is durable. No timer: an
 * idle box stores a ballot at once, a busy one stores hundreds with one write to disk.
 */
interface Entry<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

export function createGroupCommit<T, R>(
  commit: (batch: readonly T[]) => Promise<readonly R[]>,
  most: number,
) {
  const waiting: Entry<T, R>[] = []
  let running = false

  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0) await one(waiting.splice(0, most))
    running = false
  }

  /** A batch that fails fails for all in it; whether it is stored nobody knows, so each may come again with the same bytes. */
  async function one(batch: readonly Entry<T, R>[]): Promise<void> {
    try {
      const results = await commit(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return {
    add(item: T): Promise<R> {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        if (!running) void run()
      })
    },
    isIdle: () => !running,
  }
}
export type GroupCommit<T, R> = ReturnType<typeof createGroupCommit<T, R>>
