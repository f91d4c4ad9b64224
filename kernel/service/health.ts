/**
 * Health as operators and probes read it. Live: the process answers. Ready: it can do its work. Detailed: each component
 * with its latency (database degraded above 100 ms, cache above 50 ms; a lost cache degrades and never fails).
 */
import type { Clock } from '../context/index.ts'
import { outboxDepth, type Database } from '../db/index.ts'
import type { Breakers } from '../resilience/index.ts'

export type Status = 'healthy' | 'degraded' | 'unhealthy'

export interface Component {
  readonly name: string
  readonly status: Status
  readonly latency_ms?: number
  readonly message?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export type Check = () => Promise<Component>

export interface HealthOptions {
  readonly service: string
  readonly version: string
  readonly environment: string
  readonly clock: Clock
  readonly startedAt: Date
  readonly database: Database
  readonly breakers: Breakers
  readonly checks: readonly Check[]
}

/** Shape: functional specification A2.1 and D3, both in one. */
export async function health(options: HealthOptions) {
  const components = await Promise.all(
    [databaseCheck(options.database), outboxCheck(options.database), ...options.checks].map((check) =>
      check(),
    ),
  )
  const circuitBreakers = options.breakers.list()
  const waiting = options.database.stats().waiting > 0
  const impaired = waiting || circuitBreakers.some(({ state }) => state === 'open')
  return {
    status: worst([...components.map(({ status }) => status), impaired ? 'degraded' : 'healthy']),
    service: options.service,
    version: options.version,
    environment: options.environment,
    timestamp: options.clock.now().toISOString(),
    uptime_seconds: Math.round((options.clock.now().getTime() - options.startedAt.getTime()) / 1000),
    components,
    pool: options.database.stats(),
    circuitBreakers,
  }
}

export function worst(statuses: readonly Status[]): Status {
  if (statuses.includes('unhealthy')) return 'unhealthy'
  return statuses.includes('degraded') ? 'degraded' : 'healthy'
}

function databaseCheck(database: Database): Check {
  return () => timed('database', 100, () => database.query('select 1'))
}

/** Facts on their way to other services; one that was given up after a day needs an operator. */
function outboxCheck(database: Database): Check {
  return async () => {
    const depth = await outboxDepth(database).catch(() => null)
    if (depth === null) return { name: 'outbox', status: 'unhealthy' }
    return { name: 'outbox', status: depth.dead > 0 ? 'degraded' : 'healthy', details: { ...depth } }
  }
}

/** Times one probe; `slowMs` is where it counts as degraded. */
export async function timed(
  name: string,
  slowMs: number,
  probe: () => Promise<unknown>,
  onFailure: Status = 'unhealthy',
): Promise<Component> {
  const started = process.hrtime.bigint()
  const elapsed = () => Math.round(Number(process.hrtime.bigint() - started) / 1e4) / 100
  try {
    await probe()
    const latency = elapsed()
    return { name, status: latency > slowMs ? 'degraded' : 'healthy', latency_ms: latency }
  } catch (error) {
    return {
      name,
      status: onFailure,
      latency_ms: elapsed(),
      message: error instanceof Error ? error.name : 'failed',
    }
  }
}
