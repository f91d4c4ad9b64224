/** A call to another provider: with a deadline, a bound and a breaker, and every way in which it fails told as one of our faults. */
import { Fault } from '@althing/kernel/errors'
import { boundedText, withDeadline, type Breaker } from '@althing/kernel/resilience'
import { fault } from './faults.ts'

interface Options {
  /** As the operator reads it: "The issuer answered 500." */
  readonly who: string
  readonly breaker: Breaker
  readonly fetch?: typeof fetch
}

const largest = 1_000_000
const deadlineMs = 5_000

export const textOf = (response: Response): Promise<string> =>
  boundedText(response, largest, () => fault.upstream(new Error('The answer is too large.')))

/** Redirects are refused: an address of the issuer's that leads elsewhere is a mistake or worse. */
export function createCall({ who, breaker, fetch: fetcher = fetch }: Options) {
  return function call(url: string, init: RequestInit = {}): Promise<unknown> {
    return breaker.run(() =>
      withDeadline(deadlineMs, async (signal) => {
        const response = await fetcher(url, { ...init, redirect: 'error', signal })
        const text = await textOf(response)
        const said = new Error(`${who} answered ${response.status}.`)
        // What the issuer refuses is an answer, and does not open the breaker.
        if (response.status >= 400 && response.status < 500) throw fault.refused(said)
        if (!response.ok) throw fault.upstream(said)
        return JSON.parse(text) as unknown
      }).catch((error: unknown) => {
        throw error instanceof Fault ? error : fault.upstream(error)
      }),
    )
  }
}
