/**
 * The management address of a service: health, metrics, breakers. It is never public: whoever reaches it can read how the
 * service is doing and close its breakers, and nothing about a person or a ballot.
 */
import { z } from 'zod'
import { bytes, createServer, route, answer, type Route, type Server } from '../http/index.ts'
import { silentLog, type Registry } from '../telemetry/index.ts'
import { correlation } from '../context/index.ts'
import type { Assembled, Kit, Service } from './define.ts'
import { health, timed, type Check } from './health.ts'

interface Options {
  readonly service: Service
  readonly kit: Kit<Record<string, unknown>>
  readonly assembled: Assembled
  readonly metrics: Registry
  readonly state: { readonly startedAt: Date; readonly draining: boolean }
  readonly cache: Check | undefined
  readonly version: string
}

const Anything = z.record(z.string(), z.unknown())

export function createManagement(options: Options): Server {
  const { kit } = options
  return createServer({
    routes: [...healthRoutes(options), ...breakerRoutes(options)],
    clock: kit.clock,
    chance: kit.chance,
    log: silentLog,
    decide: () => false,
  })
}

function healthRoutes({ service, kit, assembled, metrics, state, cache, version }: Options): Route[] {
  const checks = [...(assembled.checks ?? []), ...(cache === undefined ? [] : [cache])]
  const detailed = () =>
    health({
      service: service.name,
      version,
      environment: kit.config.url,
      clock: kit.clock,
      startedAt: state.startedAt,
      database: kit.database,
      breakers: kit.breakers,
      checks,
    })
  // All are public on an address that is not: probes have no identity.
  return [
    route({ method: 'GET', path: '/health', access: 'public', reply: Anything }, async () => {
      const report = await detailed()
      return answer(report, { status: report.status === 'unhealthy' ? 503 : 200 })
    }),
    route({ method: 'GET', path: '/healthz', access: 'public', reply: Anything }, () => ({
      ok: true,
      env: environment(kit, service),
      jwks: kit.tokens.stats(),
      issuerConfigured: false,
      ...assembled.healthz?.(),
      correlationId: correlation(),
    })),
    route({ method: 'GET', path: '/readyz', access: 'public', reply: Anything }, async () => {
      const database = await timed('database', 1_000, () => kit.database.query('select 1'))
      const ready = !state.draining && database.status !== 'unhealthy'
      return answer(
        { ready, draining: state.draining, components: [database] },
        { status: ready ? 200 : 503 },
      )
    }),
    route({ method: 'GET', path: '/metrics', access: 'public' }, () =>
      bytes(metrics.render({ service: service.name }), 'text/plain; version=0.0.4; charset=utf-8'),
    ),
  ]
}

/** Which settings are there, never what they are (functional specification A7). */
function environment(kit: Kit<Record<string, unknown>>, service: Service): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(service.config).map(([name, { env }]) => [
      env,
      (kit.config as Record<string, unknown>)[name] !== undefined,
    ]),
  )
}

function breakerRoutes({ kit }: Options): Route[] {
  const Breakers = z.object({ breakers: z.array(z.object({ name: z.string(), state: z.string() })) })
  return [
    route({ method: 'GET', path: '/breakers', access: 'public', reply: Breakers }, () => ({
      breakers: [...kit.breakers.list()],
    })),
    route(
      {
        method: 'POST',
        path: '/breakers/reset',
        access: 'public',
        body: z.object({ name: z.string().max(100).optional() }),
        reply: z.object({ reset: z.array(z.string()) }),
      },
      ({ body }) => ({ reset: [...kit.breakers.reset(body.name)] }),
    ),
  ]
}
