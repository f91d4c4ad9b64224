/** Every call out has a deadline, a limit on retries, and a bound on how many wait. */
import { BulkheadRejectedError, bulkhead as cockatielBulkhead } from 'cockatiel'
import { resilienceFault } from './breaker.ts'

/**
 * Gives work a signal that ends it, and answers in time whether or not the work listens.
 * @throws Fault kernel.resilience.too_late
 */
export async function withDeadline<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ends = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const refusal = resilienceFault.too_late()
    ends.abort(refusal)
    reject(refusal)
  }, milliseconds)
  try {
    return await Promise.race([work(ends.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

export interface Bulkhead {
  /** @throws Fault kernel.resilience.full when as many wait as may. */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** At most `limit` at once and `queue` waiting; who comes after that is told to come back. */
export function createBulkhead({
  limit,
  queue,
}: {
  readonly limit: number
  readonly queue: number
}): Bulkhead {
  const policy = cockatielBulkhead(limit, queue)
  return {
    async run(work) {
      try {
        return await policy.execute(work)
      } catch (error) {
        throw error instanceof BulkheadRejectedError
          ? resilienceFault.full(error, { retryAfterSeconds: 2 })
          : error
      }
    },
  }
}

/**
 * A budget shared by all retries of one client: a tenth of its calls, so that retries never multiply an outage.
 * `attempt` is run once, and again only for failures that `isTransient` names, while the budget lasts.
 */
export function createRetryBudget({
  share = 0.1,
  most = 10,
}: { readonly share?: number; readonly most?: number } = {}) {
  let credit = most
  return async function withRetry<T>(
    attempt: () => Promise<T>,
    isTransient: (error: unknown) => boolean,
  ): Promise<T> {
    credit = Math.min(most, credit + share)
    try {
      return await attempt()
    } catch (error) {
      if (!isTransient(error) || credit < 1) throw error
      credit -= 1
      return attempt()
    }
  }
}

/** A body as text, read no further than `mostBytes`: whoever answers does not choose how much of our memory they take. */
export async function boundedText(
  response: Response,
  mostBytes: number,
  tooLarge: () => Error = () => new Error('The answer is too large.'),
): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > mostBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
