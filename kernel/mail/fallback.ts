import { inTurn, type Guard } from '../resilience/index.ts'
import type { Mail } from './port.ts'

interface Way {
  readonly mail: Mail
  readonly guard: Guard
}

/**
 * Another provider when the first is away. What the first may have taken without saying so is sent by the second as well: somebody who
 * gets a link twice is better off than somebody who gets none. What is wrong with a message is wrong everywhere.
 */
export function createFallbackMail(ways: readonly [Way, ...Way[]], onFallback: () => void = () => {}): Mail {
  return {
    send: (message) =>
      inTurn(ways, ({ mail }) => mail.send(message), { final: 'kernel.mail.invalid', onFallback }),
  }
}
