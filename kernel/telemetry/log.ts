/**
 * Structured JSON logs, one line per event, with the correlation id of the work at hand. What an operator needs,
 * and nothing a stranger would like: values of known secret or personal names are struck out whatever their depth.
 */
import { pino, type DestinationStream, type Logger } from 'pino'
import { correlation } from '../context/index.ts'
import { Fault } from '../errors/index.ts'

export interface Log {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void
  /** Something an operator should look at; the cause is logged with its stack, without values of statements. */
  error(event: string, error: unknown, facts?: Readonly<Record<string, unknown>>): void
}

export interface LogOptions {
  readonly service: string
  readonly level?: string
  /** The quiet profile of the ballot world's public routes: no correlation id on any line. */
  readonly quiet?: boolean
  readonly destination?: DestinationStream
}

export function createLog({ service, level = 'info', quiet = false, destination }: LogOptions): Log {
  const settings = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label, severity: severities[label] ?? 'DEFAULT' }) },
  }
  const logger: Logger = destination === undefined ? pino(settings) : pino(settings, destination)
  const carried = () => (quiet ? {} : { correlation: correlation() })
  return {
    info: (event, facts) => logger.info({ event, ...carried(), ...redact(facts) }),
    warn: (event, facts) => logger.warn({ event, ...carried(), ...redact(facts) }),
    error: (event, error, facts) =>
      logger.error({ event, ...carried(), ...redact(facts), error: describe(error) }),
  }
}

/** A log that keeps nothing: for the tests that are not about it. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

const severities: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
}

const secretName =
  /pass(word|phrase)|secret|token|ticket|ballot|cookie|authorization|code$|kennitala|national_?id|ssn|e?mail|phone|private|signature|app-?check|turnstile|evidence|^d$|nullifier|receipt/i

type Facts = Readonly<Record<string, unknown>>

export function redact(facts: Facts | undefined, depth = 0): Facts {
  if (facts === undefined) return {}
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      secretName.test(name) ? '[struck out]' : inner(value, depth),
    ]),
  )
}

function inner(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (depth > 4) return '[deep]'
  if (Array.isArray(value)) return value.slice(0, 20).map((one) => inner(one, depth + 1))
  return redact(value as Facts, depth + 1)
}

/** An error as facts, its chain of causes included. Driver errors may quote values in `detail`: only known fields pass. */
export function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error))
    return { message: 'something that is no error was thrown', type: typeof error }
  return {
    name: error.name,
    ...(error instanceof Fault ? { code: error.code } : { stack: error.stack }),
    message: error.message,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(error.cause !== undefined && depth < 4 ? { cause: describe(error.cause, depth + 1) } : {}),
  }
}
