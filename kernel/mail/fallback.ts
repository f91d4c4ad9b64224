import { isFault } from '../errors/index.ts'
import type { Mail } from './port.ts'

interface Way {
  readonly mail: Mail
  /** Lets nothing through while the provider is down; `run` throws then. */
  readonly guard: { run<T>(work: () => Promise<T>): Promise<T> }
}

/**
 * Another provider when the first is away. What the first may have taken without saying so is sent by the second as well: somebody who
 * gets a link twice is better off than somebody who gets none. What is wrong with a message is wrong everywhere.
 */
export function createFallbackMail(ways: readonly [Way, ...Way[]], onFallback: () => void = () => {}): Mail {
  return {
    async send(message) {
      let last: unknown
      for (const [n, { mail, guard }] of ways.entries()) {
        if (n > 0) onFallback()
        try {
          return await guard.run(() => mail.send(message))
        } catch (error) {
          if (isFault(error, 'kernel.mail.invalid')) throw error
          last = error
        }
      }
      throw last
    },
  }
}
