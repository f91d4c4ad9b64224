import { inTurn, type Guard } from '../resilience/index.ts'
import type { Sms } from './port.ts'

interface Way {
  readonly sms: Sms
  readonly guard: Guard
}

/** Another provider when the first is away: somebody who gets a code twice is better off than somebody who gets none. */
export function createFallbackSms(ways: readonly [Way, ...Way[]], onFallback: () => void = () => {}): Sms {
  return {
    send: (text) => inTurn(ways, ({ sms }) => sms.send(text), { final: 'kernel.sms.invalid', onFallback }),
  }
}
