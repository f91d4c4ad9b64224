/**
 * The doors of a service. Usually one, which only other services and the gateway reach; a service that stands on a public
 * address has a second one for what services say to each other, so that no stranger can even knock there.
 */
import type { Decision, DecisionReport } from '../authz/index.ts'
import { correlation, type Chance, type Clock } from '../context/index.ts'
import type { Database, Db } from '../db/index.ts'
import {
  createQuietServer,
  createServer,
  createVerifier,
  verifyingKey,
  type Server,
  type ServerOptions,
} from '../http/index.ts'
import type { Log, Traces } from '../telemetry/index.ts'
import type { Assembled, Kit, Service, Tx } from './define.ts'
import type { DecisionReports } from './decision-reports.ts'
import { descriptionRoute } from './description.ts'
import { messageRoute } from './messages.ts'
import { erasureReceiver, personDataRoute } from './privacy.ts'
import type { createServiceMetrics } from './metrics.ts'
import type { ServiceSettings } from './settings.ts'

interface Parts {
  readonly service: Service
  readonly clock: Clock
  readonly chance: Chance
  readonly settings: ServiceSettings
  readonly log: Log
  readonly database: Database
  readonly kit: Kit<Record<string, unknown>>
  readonly metrics: ReturnType<typeof createServiceMetrics>
  readonly tx: (db: Db) => Tx
  readonly assembled: Assembled
  readonly traces: Traces
  readonly reports: DecisionReports
}

export const isInternal = (path: string): boolean => path.startsWith('/internal/')

/** One deployment is reached by https or it is not; both of its origins. */
const isSecure = ({ url }: ServiceSettings): boolean => url.startsWith('https:')

export function createDoors(parts: Parts) {
  const { service, settings, log, database, metrics, tx, assembled } = parts
  const routes = [
    ...assembled.routes,
    messageRoute(service.name, receivesOf(parts), database, tx),
    ...(assembled.personData === undefined
      ? []
      : [personDataRoute({ service: service.name, database, personData: assembled.personData })]),
    descriptionRoute(service.name, assembled.routes, settings.url),
  ]
  metrics.declareRoutes(routes.map(({ path }) => path))
  const door = (chosen: typeof routes, isMain: boolean) => createDoor(parts, chosen, isMain)
  const quiet =
    assembled.quiet === undefined
      ? undefined
      : createQuietServer({ routes: assembled.quiet.routes, log, secure: isSecure(settings) })
  if (assembled.isPublic !== true) {
    const server = door(routes, true)
    return { server, internal: server, quiet }
  }
  const [inner, outer] = [
    routes.filter(({ path }) => isInternal(path)),
    routes.filter(({ path }) => !isInternal(path)),
  ]
  return { server: door(outer, true), internal: door(inner, false), quiet }
}

/** What the service listens to, and, where it holds anything about persons, that one is to be forgotten. */
function receivesOf({ service, kit, assembled: { receives = [], personData } }: Parts) {
  // Identity itself sends the word; it forgets in the same transaction.
  if (personData === undefined || service.name === 'identity') return receives
  return [...receives, erasureReceiver({ service: service.name, personData, audit: kit.audit })]
}

function createDoor(parts: Parts, routes: Assembled['routes'], isMain: boolean): Server {
  const { service, clock, chance, settings, log, database, kit, metrics, assembled, traces } = parts
  refuseUndeclared(service, routes)
  return createServer({
    routes,
    clock,
    chance,
    log,
    traces,
    decide: (asked) => decided(parts, asked),
    limits: kit.limits,
    tokens: kit.tokens,
    csrf: kit.csrf,
    verifySigned: createVerifier({
      service: service.name,
      peers: new Map(Object.entries(settings.peers).map(([name, { key }]) => [name, verifyingKey(key)])),
      clock,
      keepNonce: (nonce, seconds) => keepNonce(database, nonce, seconds),
    }),
    trustedProxies: settings.trustedProxies,
    secure: isSecure(settings),
    observer: metrics.observer,
    ...(isMain ? optionalParts(assembled) : {}),
  })
}

/** Where a route's limit is not declared, it is not found out by the first who comes to that route. */
function refuseUndeclared({ name, limits = [] }: Service, routes: Assembled['routes']): void {
  for (const route of routes)
    for (const limit of route.limits)
      if (!limits.includes(limit.name))
        throw new Error(
          `${route.method} ${route.path}: the limit ${limit.name} is not among those of ${name}.`,
        )
}

type Asked = Parameters<ServerOptions['decide']>[0]

async function decided({ kit, metrics, clock, chance, reports }: Parts, asked: Asked) {
  const begun = performance.now()
  const made = madeOf(kit, metrics, asked)
  const { decision, errors } = made
  metrics.decided(decision ? 'allow' : 'deny')
  const microseconds = Math.round((performance.now() - begun) * 1000)
  const [revision, digest] = [kit.authz.revision(), kit.authz.digest()]
  if (isTold(asked, decision))
    reports.note(decision, () =>
      reportOf(asked, { ...made, id: chance.uuid(), at: clock.now(), revision, digest, microseconds }),
    )
  if (errors.length > 0) kit.log.warn('policies that could not be evaluated', { errors })
  if (!decision) await kit.audit.denied(asked)
  return decision
}

/** That nobody can know is another thing than a denial that could not be written down. */
function madeOf({ authz }: Parts['kit'], metrics: Parts['metrics'], asked: Asked): Decision {
  try {
    return authz.decide(asked)
  } catch (error) {
    metrics.decided('unavailable')
    throw error
  }
}

/**
 * What services say to each other is theirs; where no line may say who came when, this would be one; and that somebody looked after what is
 * their own would be a diary of everybody.
 */
const isTold = ({ caller, resource, isUnlogged }: Asked, decision: boolean) =>
  caller.kind !== 'service' && !isUnlogged && !(decision && isOwn(caller, resource))

const isOwn = ({ kind, subject }: Asked['caller'], { type, id }: Asked['resource']) =>
  kind === 'person' && type === 'Person' && id === subject

function reportOf(
  { caller: { kind, subject, roles, client, acr, amr, scopes }, action, resource }: Asked,
  made: Decision & {
    readonly id: string
    readonly at: Date
    readonly revision: number
    readonly digest: string
    readonly microseconds: number
  },
): DecisionReport {
  return {
    ...made,
    at: made.at.toISOString(),
    determining: [...made.determining],
    errors: [...made.errors],
    request: correlation() ?? '',
    caller: {
      kind: kind as 'person' | 'machine',
      subject,
      roles: [...roles],
      ...(client === undefined ? {} : { client }),
      ...(acr === undefined ? {} : { acr }),
      ...(amr === undefined ? {} : { amr: [...amr] }),
      ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    },
    action,
    resource,
  }
}

function optionalParts({ authenticate, renderFault, mounts }: Assembled) {
  return {
    ...(authenticate === undefined ? {} : { authenticate }),
    ...(renderFault === undefined ? {} : { renderFault }),
    ...(mounts === undefined ? {} : { mounts }),
  }
}

interface Doors {
  readonly server: Server
  readonly internal: Server
  readonly quiet: Server | undefined
  readonly management: Server
  readonly settings: ServiceSettings
  readonly assembled: Assembled
}

export async function listenAll({ server, internal, quiet, management, settings, assembled }: Doors) {
  return {
    management: await management.listen({ host: settings.managementHost, port: settings.managementPort }),
    main: await server.listen({ host: settings.host, port: settings.port }),
    ...(internal === server
      ? {}
      : { internal: await internal.listen({ host: settings.internalHost, port: settings.internalPort }) }),
    ...(quiet === undefined || assembled.quiet === undefined
      ? {}
      : { quiet: await quiet.listen(assembled.quiet) }),
  }
}

/** One statement decides whether a nonce is new. */
async function keepNonce(database: Database, nonce: string, seconds: number): Promise<boolean> {
  const rows = await database.query(
    `insert into service_nonce (nonce, ends_at) values ($1, now() + make_interval(secs => $2)) on conflict do nothing returning nonce`,
    [nonce, seconds],
    { name: 'nonce-keep' },
  )
  return rows.length === 1
}
