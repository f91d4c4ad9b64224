/**
 * Has this password been in a breach? Asked without telling it: the first five characters of its SHA-1 go out, all hashes that begin so
 * come back, and the comparison is ours (k-anonymity range). Whoever does not answer keeps nobody from choosing a password; that
 * it did not answer is counted.
 */
import { createHash } from 'node:crypto'
import { boundedText, withDeadline, type Breaker } from '@althing/kernel/resilience'

interface Options {
  /** `https://…/range/` without the five characters; empty when there is none to ask. */
  readonly url: string
  readonly breaker: Breaker
  readonly onUnanswered: () => void
  readonly fetch?: typeof fetch
}

/** How many breaches it was in; 0 when in none, or nobody said. */
export type Breaches = (password: string) => Promise<number>

/** What is asked about: the SHA-1 that such lists are made of. It is as good as the password to whoever can try many. */
export const breachHashOf = (password: string): string =>
  createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase()

export function createBreaches(options: Options): Breaches {
  const timesBreached = createTimesBreached(options)
  return (password) => timesBreached(breachHashOf(password))
}

const largest = 1_000_000

/** For who has the hash already. */
export function createTimesBreached({ url, breaker, onUnanswered, fetch: fetcher = fetch }: Options) {
  async function range(prefix: string): Promise<string> {
    return breaker.run(() =>
      withDeadline(5_000, async (signal) => {
        // Padding hides from whoever watches the line how long the true answer is.
        const headers = { 'add-padding': 'true', accept: 'text/plain' }
        const response = await fetcher(`${url}${prefix}`, { headers, redirect: 'error', signal })
        if (!response.ok) throw new Error(`The list answered ${response.status}.`)
        return boundedText(response, largest)
      }),
    )
  }

  return async function timesBreached(hash: string): Promise<number> {
    if (url === '') return 0
    try {
      return countIn(await range(hash.slice(0, 5)), hash.slice(5))
    } catch {
      onUnanswered()
      return 0
    }
  }
}

/** Lines of `SUFFIX:count`; padded ones have the count 0. */
function countIn(text: string, suffix: string): number {
  const line = text.split(/\r?\n/).find((one) => one.toUpperCase().startsWith(`${suffix}:`))
  return line === undefined ? 0 : Number.parseInt(line.slice(suffix.length + 1), 10) || 0
}
