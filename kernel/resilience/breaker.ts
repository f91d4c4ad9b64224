/**
 * Breakers that an operator can list and reset. One breaker guards one thing outside (a peer, a provider):
 * after 5 failures in 10 s it refuses at once, and after 60 s lets one call through to see.
 */
import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhen, type IBreaker } from 'cockatiel'
import { Fault, faults } from '../errors/index.ts'
import type { Clock } from '../context/index.ts'

const fault = faults('kernel.resilience', {
  broken: [503, 'A part that we depend on does not answer at the moment. Try again in a minute.'],
  full: [503, 'Too many people ask for this at once. Try again in a few seconds.'],
  too_late: [504, 'This took too long. Try again.'],
})
export { fault as resilienceFault }

export type BreakerState = 'closed' | 'open' | 'half-open' | 'isolated'
export interface BreakerStatus {
  readonly name: string
  readonly state: BreakerState
}

export interface BreakerOptions {
  readonly failures?: number
  readonly withinSeconds?: number
  readonly halfOpenAfterSeconds?: number
}

export interface Breaker {
  readonly name: string
  /** @throws Fault kernel.resilience.broken while the breaker is open. */
  run<T>(work: () => Promise<T>): Promise<T>
  status(): BreakerStatus
  reset(): void
}

const states: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'isolated',
}

/** All breakers of one service: made on first use, listed and reset by name on the management address. */
export function createBreakers(clock: Clock, onChange: (status: BreakerStatus) => void = () => {}) {
  const known = new Map<string, Breaker>()
  return {
    breaker(name: string, options: BreakerOptions = {}): Breaker {
      const found = known.get(name) ?? createBreaker(name, clock, options, onChange)
      known.set(name, found)
      return found
    },
    list: (): readonly BreakerStatus[] => [...known.values()].map((one) => one.status()),
    /** Resets one, or all when no name is given; answers the names that were reset. */
    reset(name?: string): readonly string[] {
      const chosen = [...known.values()].filter((one) => name === undefined || one.name === name)
      for (const one of chosen) one.reset()
      return chosen.map((one) => one.name)
    },
  }
}
export type Breakers = ReturnType<typeof createBreakers>

function createBreaker(
  name: string,
  clock: Clock,
  { failures = 5, withinSeconds = 10, halfOpenAfterSeconds = 60 }: BreakerOptions,
  onChange: (status: BreakerStatus) => void,
): Breaker {
  const build = () => {
    // A planned refusal below 500 is an answer, not a failure of the thing we call.
    const policy = circuitBreaker(
      handleWhen((error) => !(error instanceof Fault && error.status < 500)),
      {
        halfOpenAfter: halfOpenAfterSeconds * 1000,
        breaker: countWithin(clock, failures, withinSeconds * 1000),
      },
    )
    policy.onStateChange((state) => onChange({ name, state: states[state] }))
    return policy
  }
  let policy = build()
  return {
    name,
    async run(work) {
      try {
        return await policy.execute(work)
      } catch (error) {
        throw error instanceof BrokenCircuitError
          ? fault.broken(error, { retryAfterSeconds: halfOpenAfterSeconds })
          : error
      }
    },
    status: () => ({ name, state: states[policy.state] }),
    reset() {
      policy = build() // A fresh one forgets every failure; calls in flight finish on the old.
      onChange({ name, state: 'closed' })
    },
  }
}

function countWithin(clock: Clock, limit: number, windowMs: number): IBreaker {
  let failedAt: number[] = []
  return {
    state: undefined,
    success: () => {},
    failure() {
      const now = clock.now().getTime()
      failedAt = [...failedAt.filter((at) => now - at < windowMs), now]
      return failedAt.length >= limit
    },
  }
}
