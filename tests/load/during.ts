/** Work that is done again and again by several at once, and how long each time took. */
export interface During {
  readonly done: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** @param work gets a number of its own each time; that of the worker, and then those that all of them together skip */
export async function during(
  work: (n: number) => Promise<void>,
  workers: number,
  seconds: number,
): Promise<During> {
  const began = performance.now()
  const end = began + seconds * 1000
  const times: number[] = []
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let n = worker; performance.now() < end; n += workers) {
        const startedAt = performance.now()
        await work(n)
        times.push(performance.now() - startedAt)
      }
    }),
  )
  const perSecond = (times.length * 1000) / (performance.now() - began)
  times.sort((a, b) => a - b)
  const at = (share: number) => round1(times[Math.floor(times.length * share)] ?? 0)
  return { done: times.length, perSecond, p50Ms: at(0.5), p99Ms: at(0.99) }
}

export const round1 = (value: number) => Math.round(value * 10) / 10
export const round2 = (value: number) => Math.round(value * 100) / 100
