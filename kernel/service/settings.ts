/**
 * The settings that every service has. Names carry the service's own name where the value is its own, so that no two
 * services, and above all no two worlds, are ever handed the same secret by one line of an environment.
 */
import { isIP } from 'node:net'
import { z } from 'zod'
import { integer, list, optional, secret, setting, type Values } from '../config/index.ts'
import { PeerTable } from '../http/index.ts'

export type World = 'person' | 'ballot'

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' })
    return z.NEVER
  }
})

const ranges = ['loopback', 'linklocal', 'uniquelocal']

/** An address, a range of them, or a name for one: what cannot be read stops the start instead of the first request. */
function isRange(text: string): boolean {
  if (ranges.includes(text)) return true
  const [address = '', bits, ...more] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return (
    more.length === 0 && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  )
}

export function serviceSettings(name: string) {
  const own = (word: string) => `ALTHING_${name.toUpperCase()}_${word}`
  return {
    databaseUrl: secret({
      env: own('DATABASE_URL'),
      schema: z.string().startsWith('postgres'),
      doc: 'PostgreSQL of this service alone: its own database and role.',
    }),
    databasePool: setting({
      env: own('DATABASE_POOL'),
      schema: integer.min(2).max(200),
      fallback: '8',
      doc: 'Connections kept at most.',
    }),
    serviceKey: secret({
      env: own('SERVICE_KEY'),
      schema: z.string().length(43),
      doc: 'Ed25519 seed, 32 bytes in base64url: signs calls to other services; page tokens are derived from it.',
    }),
    host: setting({
      env: own('HOST'),
      schema: z.string(),
      fallback: '127.0.0.1',
      doc: 'Address to listen on.',
    }),
    port: setting({
      env: own('PORT'),
      schema: integer.min(0).max(65535),
      fallback: '0',
      doc: 'Port of the service; 0 takes a free one.',
    }),
    internalHost: setting({
      env: own('INTERNAL_HOST'),
      schema: z.string(),
      fallback: '127.0.0.1',
      doc: 'Address for other services, where the service itself stands on a public one (portal).',
    }),
    internalPort: setting({
      env: own('INTERNAL_PORT'),
      schema: integer.min(0).max(65535),
      fallback: '0',
      doc: 'Port for other services, where the service itself stands on a public one (portal).',
    }),
    managementHost: setting({
      env: own('MANAGEMENT_HOST'),
      schema: z.string(),
      fallback: '127.0.0.1',
      doc: 'Address of health, metrics and breakers. Never a public one.',
    }),
    managementPort: setting({
      env: own('MANAGEMENT_PORT'),
      schema: integer.min(0).max(65535),
      fallback: '0',
      doc: 'Port of health, metrics and breakers.',
    }),
    url: setting({
      env: 'ALTHING_URL',
      schema: z.url(),
      fallback: 'http://localhost:8080',
      doc: 'The person origin, as browsers see it.',
    }),
    ballotUrl: setting({
      env: 'ALTHING_BALLOT_URL',
      schema: z.url(),
      fallback: 'http://localhost:8081',
      doc: 'The ballot origin, as browsers see it.',
    }),
    managementUrl: setting({
      env: 'ALTHING_MANAGEMENT_URL',
      schema: z.url(),
      fallback: 'http://127.0.0.1:8090',
      doc: 'The management address, where commands find the running services.',
    }),
    peers: setting({
      env: 'ALTHING_PEERS',
      schema: json.pipe(PeerTable),
      fallback: '{}',
      doc: 'JSON: for each service its address and public key.',
    }),
    trustedProxies: setting({
      env: 'ALTHING_TRUSTED_PROXIES',
      schema: list.refine((parts) => parts.every(isRange)),
      fallback: 'loopback',
      doc: 'Addresses or ranges whose X-Forwarded-For is believed, by commas; loopback, linklocal and uniquelocal are ranges.',
    }),
    logLevel: setting({
      env: 'ALTHING_LOG_LEVEL',
      schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
      fallback: 'info',
      doc: 'How much is logged.',
    }),
    organisation: setting({
      env: 'ALTHING_ORGANISATION',
      schema: z.string().min(1).max(100),
      fallback: 'Althing',
      doc: 'The name of the organisation, shown on every page.',
    }),
    decisionsTold: setting({
      env: 'ALTHING_DECISIONS_TOLD',
      schema: z.union([z.enum(['off', 'denied']), z.coerce.number().min(0).max(1)]),
      fallback: '1',
      doc: 'What services tell the decision log of what they decide by themselves: what they deny, or that and a share of what they allow (1 is all; never what somebody may do about themselves), or nothing (off).',
    }),
    otlpEndpoint: setting({
      env: 'ALTHING_OTLP_ENDPOINT',
      schema: optional,
      doc: 'OpenTelemetry collector (OTLP over HTTP); traces are sent only when it is set.',
    }),
  } as const
}
export type ServiceSettings = Values<ReturnType<typeof serviceSettings>>

/** The cache is shared between services, so only the person world may name it: the ballot world counts nothing. */
export const cacheSettings = {
  cacheUrl: setting({
    env: 'ALTHING_CACHE_URL',
    schema: optional,
    doc: 'Valkey or Redis for shared counters; without it PostgreSQL counts.',
  }),
} as const
