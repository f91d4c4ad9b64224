/**
 * The settings of one machine: what an operator would hand to each service by environment, made once and kept in the data
 * folder (mode 0600). Each service gets its own environment and nothing of another's.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publicPart, signingKey } from '@althing/kernel/http'
import { freePorts } from './ports.ts'

/** Every service and its world, in the order in which they are started. */
export const worlds = {
  person: ['policy', 'identity', 'members', 'events', 'portal'],
  ballot: ['elections'],
} as const
export type WorldName = keyof typeof worlds
export type ServiceName = (typeof worlds)[WorldName][number]
export const serviceNames: readonly ServiceName[] = [...worlds.person, ...worlds.ballot]

export interface Addresses {
  readonly url: string
  readonly ballotUrl: string
  readonly managementUrl: string
  readonly eidUrl: string
}

interface Secrets {
  /** Ed25519 seed of each service. */
  readonly serviceKeys: Record<string, string>
  readonly eidClientSecret: string
  readonly portalClientSecret: string
}

/** Whoever can read this file can speak for every service of this machine. */
export function readSecrets(folder: string): Secrets {
  const path = join(folder, 'settings', 'keys.json')
  const known = readJson<Partial<Secrets>>(path) ?? {}
  const fresh = () => randomBytes(32).toString('base64url')
  const secrets: Secrets = {
    serviceKeys: Object.fromEntries(serviceNames.map((name) => [name, known.serviceKeys?.[name] ?? fresh()])),
    eidClientSecret: known.eidClientSecret ?? fresh(),
    portalClientSecret: known.portalClientSecret ?? fresh(),
  }
  writePrivately(path, secrets)
  return secrets
}

export interface Ports {
  /** What the portal hears from other services is not said on its public port. */
  readonly portalInternal: number
  readonly main: Record<ServiceName, number>
  readonly management: Record<ServiceName, number>
}

/** Free ports for what only this machine speaks to. */
export async function choosePorts(portal: number): Promise<Ports> {
  const ports = await freePorts(serviceNames.length * 2 + 1)
  const pick = (offset: number) =>
    Object.fromEntries(serviceNames.map((name, index) => [name, ports[index + offset]])) as Record<
      ServiceName,
      number
    >
  return {
    portalInternal: ports.at(-1) ?? 0,
    main: { ...pick(0), portal },
    management: pick(serviceNames.length),
  }
}

interface Parts {
  readonly folder: string
  readonly addresses: Addresses
  readonly ports: Ports
  readonly secrets: Secrets
  readonly databaseUrl: (service: ServiceName) => string
  readonly demo: boolean
  /** The operator's own environment; what it names wins over what is made here. */
  readonly given: Readonly<Record<string, string | undefined>>
}

/** The environment of each service, kept where the command line finds it. */
export function writeEnvironments(parts: Parts): Record<ServiceName, Record<string, string>> {
  const made = Object.fromEntries(serviceNames.map((name) => [name, environmentOf(name, parts)])) as Record<
    ServiceName,
    Record<string, string>
  >
  for (const name of serviceNames)
    writePrivately(join(parts.folder, 'settings', `${name}.env.json`), made[name])
  return made
}

function environmentOf(name: ServiceName, parts: Parts): Record<string, string> {
  const { addresses, ports, secrets, databaseUrl, folder, given } = parts
  const own = (word: string) => `ALTHING_${name.toUpperCase()}_${word}`
  const peers = Object.fromEntries(
    serviceNames.map((peer) => [
      peer,
      {
        url: `http://127.0.0.1:${peer === 'portal' ? ports.portalInternal : ports.main[peer]}`,
        key: publicPart(signingKey(secrets.serviceKeys[peer] ?? '')),
      },
    ]),
  )
  const made: Record<string, string> = {
    [own('DATABASE_URL')]: databaseUrl(name),
    [own('SERVICE_KEY')]: secrets.serviceKeys[name] ?? '',
    [own('PORT')]: String(ports.main[name]),
    [own('MANAGEMENT_PORT')]: String(ports.management[name]),
    ALTHING_URL: addresses.url,
    ALTHING_BALLOT_URL: addresses.ballotUrl,
    ALTHING_MANAGEMENT_URL: addresses.managementUrl,
    ALTHING_PEERS: JSON.stringify(peers),
    ALTHING_LOG_LEVEL: 'warn',
    ...special[name]?.(parts),
  }
  return {
    ...made,
    ...givenFor(name, given),
    ...(name === 'elections' ? { ALTHING_ELECTIONS_KEYS: join(folder, 'keys', 'elections') } : {}),
  }
}

/** What the members of the demonstration agree to, in both languages. */
const demoTexts = fileURLToPath(new URL('demo/texts/', import.meta.url))

const special: Partial<Record<ServiceName, (parts: Parts) => Record<string, string>>> = {
  identity: ({ secrets, addresses, demo }) => ({
    ALTHING_IDENTITY_PORTAL_CLIENT_SECRET: secrets.portalClientSecret,
    ...(demo
      ? {
          ALTHING_IDENTITY_EID_ISSUER: addresses.eidUrl,
          ALTHING_IDENTITY_EID_CLIENT_ID: 'althing',
          ALTHING_IDENTITY_EID_CLIENT_SECRET: secrets.eidClientSecret,
          ALTHING_IDENTITY_MAIL_URL: `${addresses.managementUrl}/outbox`,
          ALTHING_IDENTITY_SMS_URL: `${addresses.managementUrl}/outbox`,
          ALTHING_IDENTITY_TEXTS_FOLDER: demoTexts,
          // A demonstration works without the world.
          ALTHING_IDENTITY_BREACH_URL: '',
        }
      : {}),
  }),
  portal: ({ secrets, ports }) => ({
    ALTHING_PORTAL_CLIENT_SECRET: secrets.portalClientSecret,
    ALTHING_PORTAL_INTERNAL_PORT: String(ports.portalInternal),
  }),
  elections: ({ addresses }) => ({ ALTHING_ELECTIONS_BALLOT_PORT: String(portOf(addresses.ballotUrl)) }),
}

/** An operator's variable reaches the services it is for: common ones all, `ALTHING_<SERVICE>_…` that one; the cache persons only. */
function givenFor(name: ServiceName, given: Parts['given']): Record<string, string> {
  const others = serviceNames.filter((one) => one !== name).map((one) => `ALTHING_${one.toUpperCase()}_`)
  const withheld = [
    'ALTHING_DATABASE_URL',
    'ALTHING_PEERS',
    ...(name === 'elections' ? ['ALTHING_CACHE_URL'] : []),
  ]
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) =>
      key.startsWith('ALTHING_') &&
      value !== undefined &&
      !withheld.includes(key) &&
      !others.some((prefix) => key.startsWith(prefix))
        ? [[key, value]]
        : [],
    ),
  )
}

export function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Written aside and renamed, so that a crash leaves the old file or the new one. */
function writePrivately(path: string, value: unknown): void {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}
