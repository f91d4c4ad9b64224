/** Shared counters: in Valkey or Redis when a cache is set, in PostgreSQL otherwise and whenever the cache is away. */
import { countersInCache, type CacheClient, type Counters } from '../http/index.ts'
import type { Log } from '../telemetry/index.ts'
import { timed, type Check } from './health.ts'

interface Shared {
  readonly counters: Counters
  /** Absent when no cache is set. A lost cache degrades and never fails. */
  readonly check?: Check
  close(): Promise<void>
}

export function sharedCounters(
  settings: Readonly<Record<string, unknown>>,
  service: string,
  inPostgres: Counters,
  log: Log,
): Shared {
  const url = settings['cacheUrl']
  if (typeof url !== 'string') return { counters: inPostgres, close: async () => {} }
  const connected = connect(url, log)
  const lazy: CacheClient = {
    eval: async (...args) => (await connected).eval(...args),
    scan: async (...args) => (await connected).scan(...args),
    del: async (...keys) => (await connected).del(...keys),
  }
  return {
    counters: countersInCache(lazy, service, inPostgres, (error) =>
      log.warn('cache does not answer', { cause: String(error) }),
    ),
    check: () => timed('cache', 50, async () => (await connected).ping(), 'degraded'),
    close: async () => (await connected).disconnect(),
  }
}

/** Loaded only where a cache is set. Fails fast: a counter waits for nobody. */
async function connect(url: string, log: Log) {
  const { Redis } = await import('iovalkey')
  const client = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: 1_000,
    commandTimeout: 500,
  })
  client.on('error', (error) => log.warn('cache connection', { cause: String(error) }))
  return client
}
