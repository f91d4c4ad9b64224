/**
 * What a service is: its name, world, settings, tables and how its features are put together. The kernel runs it, alone
 * or beside others, always in the same order: settings → database → migrations → listen → drain → close.
 */
import type { z } from 'zod'
import type { AuditEntry, Audit } from '../audit/index.ts'
import type { Config, Values } from '../config/index.ts'
import type { Chance, Clock, Ids } from '../context/index.ts'
import type { Database, Db } from '../db/index.ts'
import type { Authz, DecisionReport } from '../authz/index.ts'
import type {
  Caller,
  Csrf,
  Limits,
  Mount,
  Peers,
  RequestFacts,
  Revocations,
  Route,
  ServerOptions,
  Tokens,
} from '../http/index.ts'
import type { Job, Ticker } from '../jobs/index.ts'
import type { PersonData } from '../privacy/index.ts'
import type { Breakers } from '../resilience/index.ts'
import type { Log, Registry } from '../telemetry/index.ts'
import { messageFault } from './message-faults.ts'
import type { Check } from './health.ts'
import type { ServiceSettings, World } from './settings.ts'

/** What belongs to one transaction beside the stores: the audit line and the message to the world. */
export interface Tx {
  record(entry: AuditEntry): Promise<void>
  send(topic: string, payload: unknown, options: { readonly to: readonly string[] }): Promise<void>
}

/** `atomically(work)`: one transaction; its parts are made for it and die with it. */
export type Atomically<P> = <T>(work: (parts: P) => Promise<T>) => Promise<T>

export interface Kit<C> {
  readonly config: C & ServiceSettings
  /** Whether the environment says this setting, by its name there; else its default is in force. */
  readonly isGiven: (env: string) => boolean
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: Ids
  /** For stores that only read, and for the one statement that decides by itself. */
  readonly database: Database
  atomic<P>(parts: (db: Db, tx: Tx) => P): Atomically<P>
  readonly peers: Peers
  readonly authz: Authz
  readonly limits: Limits
  readonly breakers: Breakers
  readonly log: Log
  readonly metrics: Registry
  readonly audit: Audit
  readonly csrf: Csrf
  readonly tokens: Tokens
  /** The revocation feed as this service knows it; its issuer applies to it directly. */
  readonly revocations: Revocations
  /** 32 bytes for one purpose, derived from the service key: another purpose, another key. */
  derivedKey(purpose: string): Uint8Array
}

/** A fact from another service. It is applied in the transaction that remembers it, so that twice is once. */
export interface Receives {
  readonly topic: string
  readonly from: readonly string[]
  apply(payload: unknown, db: Db, tx: Tx): Promise<void>
}

export function receive<S extends z.ZodType>(
  topic: string,
  { from, payload }: { readonly from: readonly string[]; readonly payload: S },
  apply: (payload: z.output<S>, db: Db, tx: Tx) => Promise<void>,
): Receives {
  return {
    topic,
    from,
    async apply(value, db, tx) {
      const read = payload.safeParse(value)
      if (!read.success) throw messageFault.unread(read.error)
      await apply(read.data, db, tx)
    },
  }
}

/** A second door: the ballot origin. Anonymous routes only. */
export interface QuietDoor {
  readonly host: string
  readonly port: number
  readonly routes: readonly Route[]
}

export interface Assembled {
  readonly routes: readonly Route[]
  readonly quiet?: QuietDoor
  /** It stands on a public address: what services say to each other gets a door of its own. */
  readonly isPublic?: true
  readonly receives?: readonly Receives[]
  /** Its tables, and what they say about persons. Every service of the person world has it; none of the ballot world can. */
  readonly personData?: PersonData
  /** Hears what doors decided, its own: the policy service alone, which has the log. */
  readonly heardDecisions?: (decisions: readonly DecisionReport[]) => Promise<void>
  readonly jobs?: readonly Job<never>[]
  readonly tickers?: readonly Ticker[]
  readonly mounts?: readonly Mount[]
  readonly authenticate?: (facts: RequestFacts) => Promise<Caller | null>
  readonly renderFault?: ServerOptions['renderFault']
  readonly checks?: readonly Check[]
  /** Facts for /healthz: which parts of the environment are there (never their values). */
  readonly healthz?: () => Readonly<Record<string, unknown>>
  start?(): Promise<void>
  /** The service is about to close and waits for the requests in hand: answer those that wait for news. */
  drain?(): void
  stop?(): Promise<void>
}

export interface ServiceDefinition<C extends Config = Config> {
  readonly name: string
  readonly world: World
  readonly config: C
  /** The folder of the service's own migrations, or null for a service without tables of its own. */
  readonly migrations: URL | null
  /** Under which names it counts who asks too often; none, when it does not say. */
  readonly limits?: readonly string[]
  assemble(kit: Kit<Values<C>>): Assembled | Promise<Assembled>
}

/** A definition whose settings' types are forgotten: what `run` and the command line take. */
export type Service = ServiceDefinition

export function defineService<const C extends Config>(definition: ServiceDefinition<C>): Service {
  return definition as unknown as Service
}
