/**
 * Runs a service: settings → database → migrations → features → listen → drain → close. The same for one service alone
 * and for many in one process; nothing here is shared between two services.
 */
import { hkdfSync } from 'node:crypto'
import { createAudit, auditMigrations } from '../audit/index.ts'
import { createAuthz } from '../authz/index.ts'
import { isGivenIn, loadConfig, Secret, type Environment } from '../config/index.ts'
import { createIds, systemChance, systemClock, type Chance, type Clock } from '../context/index.ts'
import { createOutbox, migrate, openDatabase, outboxMigrations, type Database, type Db } from '../db/index.ts'
import {
  apiKeyPath,
  countersInPostgres,
  createCsrf,
  createLimits,
  createPeers,
  createRevocations,
  createSigner,
  createTokens,
  Exchanged,
  outsideTokenPath,
  publicPart,
  signingKey,
  verifyingKey,
  type Exchange,
  type Peers,
  type Revocations,
} from '../http/index.ts'
import { createBreakers } from '../resilience/index.ts'
import { createLog, createTraces, type Log } from '../telemetry/index.ts'
import { startBackground } from './background.ts'
import { sharedCounters } from './cache.ts'
import type { Assembled, Kit, Service, Tx } from './define.ts'
import { decisionReportsOf } from './decision-reports.ts'
import { createDoors, isInternal, listenAll } from './doors.ts'
import { createManagement } from './management.ts'
import { createServiceMetrics } from './metrics.ts'
import { cacheSettings, serviceSettings, type ServiceSettings } from './settings.ts'

export interface RunOptions {
  readonly env: Environment
  readonly clock?: Clock
  readonly chance?: Chance
  readonly log?: Log
  readonly version?: string
  /** Tests take the service without sockets. */
  readonly listen?: boolean
}

export interface Running {
  readonly name: string
  /** Where the service, its quiet door and its management listen. */
  readonly addresses: {
    readonly main?: string
    readonly internal?: string
    readonly quiet?: string
    readonly management?: string
  }
  readonly kit: Kit<Record<string, unknown>>
  readonly assembled: Assembled
  fetch(request: Request): Promise<Response>
  fetchQuiet(request: Request): Promise<Response>
  fetchManagement(request: Request): Promise<Response>
  /** Drains: no new requests, work in hand is finished, then everything is closed. */
  close(): Promise<void>
}

/** The tables that every service has beside its own. */
export function migrationsOf(service: Service) {
  return [
    outboxMigrations,
    { name: 'kernel.http', folder: new URL('../http/migrations/', import.meta.url) },
    { name: 'kernel.resilience', folder: new URL('../resilience/migrations/', import.meta.url) },
    auditMigrations,
    ...(service.migrations === null ? [] : [{ name: service.name, folder: service.migrations }]),
  ]
}

/** @throws ConfigError with every mistake at once; nothing is opened then. */
export async function runService(service: Service, options: RunOptions): Promise<Running> {
  const { clock = systemClock, chance = systemChance } = options
  const settings = configOf(service, options.env)
  const log = options.log ?? createLog({ service: service.name, level: settings.logLevel })
  const database = openDatabase({
    url: settings.databaseUrl.reveal(),
    max: settings.databasePool,
    applicationName: `althing-${service.name}`,
  })
  try {
    await migrate(database, migrationsOf(service))
    return await assembleAndListen({ service, options, clock, chance, settings, log, database })
  } catch (error) {
    await database.close()
    throw error
  }
}

export function configOf(service: Service, env: Environment): ServiceSettings & Record<string, unknown> {
  const shared = service.world === 'person' ? cacheSettings : {}
  return loadConfig(
    { ...serviceSettings(service.name), ...shared, ...service.config },
    env,
  ) as ServiceSettings & Record<string, unknown>
}

interface Parts {
  readonly service: Service
  readonly options: RunOptions
  readonly clock: Clock
  readonly chance: Chance
  readonly settings: ServiceSettings & Record<string, unknown>
  readonly log: Log
  readonly database: Database
}

/**
 * The kit of a service: everything its features are given. It opens no socket, so the command line uses it as well.
 */
export function createKit({
  service,
  clock,
  chance,
  settings,
  log,
  database,
  env,
}: Omit<Parts, 'options'> & Pick<RunOptions, 'env'>) {
  const metrics = createServiceMetrics(service.name, service.world)
  const key = signingKey(settings.serviceKey.reveal())
  const derivedKey = deriverOf(service.name, settings)
  const breakers = createBreakers(clock, ({ name, state }) => {
    metrics.breakerChanged(state)
    log.warn('breaker changed', { name, state })
  })
  const signer = createSigner({ service: service.name, key, clock, chance })
  const peers = createPeers({ table: settings.peers, signer, breakers })
  const ownKey = service.name === 'policy' ? publicPart(key) : settings.peers['policy']?.key
  const authz = createAuthz({ clock, key: verifyingKey(ownKey ?? publicPart(key)) })
  const revocations = createRevocations(clock)
  const counters = sharedCounters(settings, service.name, countersInPostgres(database), log)
  const audit = createAudit({
    service: service.name,
    clock,
    database,
    signingSeed: derivedKey('audit'),
    personKey: derivedKey('persons'),
  })
  const tx = (db: Db): Tx => ({
    record: (entry) => audit.record(db, entry),
    send: (topic, payload, to) => createOutbox(db).send(topic, payload, to),
  })
  const kit: Kit<Record<string, unknown>> = {
    config: settings,
    isGiven: isGivenIn(env),
    clock,
    chance,
    ids: createIds(clock, chance),
    database,
    atomic: (parts) => (work) => database.transaction((db) => work(parts(db, tx(db)))),
    peers,
    authz,
    limits: createLimits({
      counters: counters.counters,
      names: service.limits ?? [],
      key: derivedKey('limits'),
      onRefused: metrics.limitTriggered,
    }),
    breakers,
    log,
    metrics: metrics.registry,
    audit,
    ...guards({
      service,
      clock,
      chance,
      settings,
      revocations,
      derivedKey,
      identityUrl: peers.url('identity'),
      exchange: exchangeFor(service, peers, outsideTokenPath),
      exchangeKey: exchangeFor(service, peers, apiKeyPath),
    }),
    revocations,
    derivedKey,
  }
  return { kit, metrics, counters, tx }
}

/** A key for each purpose from the one secret of the service (RFC 5869), so that no key ever serves two. */
function deriverOf(name: string, { serviceKey }: ServiceSettings) {
  const secret = Buffer.from(serviceKey.reveal(), 'base64url')
  return (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', `althing/${name}/${purpose}`, 32))
}

interface Guarding extends Pick<Parts, 'service' | 'clock' | 'chance' | 'settings'> {
  readonly revocations: Revocations
  readonly derivedKey: (purpose: string) => Uint8Array
  readonly identityUrl: string | undefined
  readonly exchange: Exchange | undefined
  readonly exchangeKey: Exchange | undefined
}

/** Beside the ballots nobody is asked who somebody is, and officers come with tokens of ours. */
function exchangeFor({ world }: Service, peers: Peers, path: string): Exchange | undefined {
  if (world === 'ballot') return undefined
  return (body) => peers.peer('identity').call({ method: 'POST', path, body, reply: Exchanged })
}

/** Who may come in by a form, and who by a token. */
function guards(guarding: Guarding) {
  const { service, clock, chance, settings, revocations, derivedKey, identityUrl, exchange, exchangeKey } =
    guarding
  return {
    csrf: createCsrf({
      key: new Secret(Buffer.from(derivedKey('csrf')).toString('base64url')),
      chance,
      origin: new URL(settings.url).origin,
      cookieName: `csrf_${service.name}`,
    }),
    tokens: createTokens({
      issuer: settings.url,
      audience: `${settings.url}/api`,
      jwksUrl: `${identityUrl ?? settings.url}/.well-known/jwks.json`,
      clock,
      revocations,
      ...(exchange === undefined ? {} : { exchange }),
      ...(exchangeKey === undefined ? {} : { exchangeKey }),
    }),
  }
}

async function assembleAndListen(parts: Parts): Promise<Running> {
  const { service, options, clock, settings, log, database } = parts
  const { kit, metrics, counters, tx } = createKit({ ...parts, env: options.env })
  const assembled = await service.assemble(kit as never)
  const traces = await createTraces(service.name, settings.otlpEndpoint)
  const reports = decisionReportsOf({ settings, chance: parts.chance, kit, assembled, metrics })
  const { server, internal, quiet } = createDoors({ ...parts, kit, metrics, tx, assembled, traces, reports })
  const state = { startedAt: clock.now(), draining: false }
  const management = createManagement({
    service,
    kit,
    assembled,
    metrics: metrics.registry,
    state,
    cache: counters.check,
    version: options.version ?? '0.1.0',
  })
  const stopBackground = await startBackground({ service, kit, assembled, metrics, reports })
  const addresses =
    options.listen === false
      ? {}
      : await listenAll({ server, internal, quiet, management, settings, assembled })
  await assembled.start?.()
  log.info('started', { service: service.name })
  return {
    name: service.name,
    addresses,
    kit,
    assembled,
    fetch: (request) => (isInternal(new URL(request.url).pathname) ? internal : server).fetch(request),
    fetchQuiet: (request) => (quiet ?? server).fetch(request),
    fetchManagement: (request) => management.fetch(request),
    async close() {
      state.draining = true // /readyz says no from here on, so that nobody new is sent to us.
      assembled.drain?.()
      await Promise.all([server.close(), quiet?.close(), internal === server ? undefined : internal.close()])
      await assembled.stop?.()
      await stopBackground()
      await Promise.all([management.close(), counters.close(), traces.stop()])
      await database.close()
      log.info('stopped', { service: service.name })
    },
  }
}
