/** How a provider is asked: within a deadline, behind a breaker, its answer bounded, and no redirect followed. */
import { Fault } from '../errors/index.ts'
import { boundedText, withDeadline, type Breaker } from '../resilience/index.ts'
import { attestationFault } from './port.ts'

export interface ProviderOptions {
  readonly breaker: Breaker
  /** Where the provider is; another one only in tests. */
  readonly url?: string | undefined
  readonly deadlineMs?: number | undefined
  /** Why nobody could look, once for each time it begins. Never anything that a client sent. */
  readonly onTrouble?: ((cause: unknown) => void) | undefined
}

interface Asked {
  readonly breaker: Breaker
  readonly deadlineMs: number
  readonly mostBytes: number
  /** Only 200 is an answer, unless the provider says no by another status. */
  readonly saysNoBelow?: number
}

/**
 * What `read` makes of the provider's answer. It looks inside the breaker: what cannot be read counts as the provider's failure too.
 * @throws Fault kernel.attestation.unavailable, kernel.resilience.broken or too_late
 */
export function askProvider<T>(
  url: string,
  init: RequestInit,
  { breaker, deadlineMs, mostBytes, saysNoBelow = 201 }: Asked,
  read: (text: string) => T,
): Promise<T> {
  return breaker.run(() =>
    withDeadline(deadlineMs, async (signal) => {
      try {
        const response = await fetch(url, { ...init, redirect: 'error', signal })
        if (response.status < 200 || response.status >= saysNoBelow) {
          await response.body?.cancel()
          throw new Error(`The provider answered ${response.status}.`)
        }
        return readable(await boundedText(response, mostBytes), read)
      } catch (error) {
        throw error instanceof Fault ? error : attestationFault.unavailable(error)
      }
    }),
  )
}

/** What an answer looks like that nobody can read is not told: it could quote what was asked. */
function readable<T>(text: string, read: (text: string) => T): T {
  try {
    return read(text)
  } catch (error) {
    throw error instanceof Fault ? error : new Error('The provider gave an answer that cannot be read.')
  }
}

/** Trouble is told when it begins and not again until it was over: a flood of requests is no flood of lines. */
export function onceEachTime(tell: (cause: unknown) => void = () => {}) {
  let isTold = false
  return {
    begins(cause: unknown) {
      if (!isTold) tell(cause)
      isTold = true
    },
    isOver() {
      isTold = false
    },
  }
}
