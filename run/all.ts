/**
 * Everything on one machine: `npm start`. PostgreSQL as a child process, each world in a thread of its own, the management
 * address here. A second start on the same data folder is refused; a crash loses nothing that was acknowledged.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { FolderInUse, startEmbedded } from '@althing/kernel/db/embedded.ts'
import { demoSize, startDemo, seedDemo, type Demo } from './demo/demo.ts'
import { externalDatabases } from './external.ts'
import { startManagement } from './management.ts'
import {
  choosePorts,
  portOf,
  readSecrets,
  serviceNames,
  worlds,
  writeEnvironments,
  type Addresses,
  type ServiceName,
  type WorldName,
} from './settings.ts'

const given = process.env
const folder = resolve(given['ALTHING_DATA'] ?? './data')
const addresses: Addresses = {
  url: given['ALTHING_URL'] ?? 'http://localhost:8080',
  ballotUrl: given['ALTHING_BALLOT_URL'] ?? 'http://localhost:8081',
  managementUrl: given['ALTHING_MANAGEMENT_URL'] ?? 'http://127.0.0.1:8090',
  eidUrl: given['ALTHING_DEMO_EID_URL'] ?? 'http://localhost:8082',
}

/** The demonstration on an address that is not this machine's. */
class NotHere extends Error {}

interface Stopping {
  readonly name: string
  stop(): Promise<unknown>
}
const toStop: Stopping[] = []

try {
  await start()
} catch (error) {
  console.error(
    error instanceof FolderInUse || error instanceof NotHere || isInUse(error) ? plainly(error) : error,
  )
  await stopAll()
  process.exit(1)
}

async function start(): Promise<void> {
  const began = performance.now()
  const size = demoSize(given['ALTHING_DEMO_MEMBERS'])
  const demoState = demoStateOf()
  mkdirSync(join(folder, 'settings'), { recursive: true, mode: 0o700 })
  enableCompileCache(join(folder, 'cache'))

  const databaseUrl = await openDatabases()
  const secrets = readSecrets(folder)
  const ports = await choosePorts(portOf(addresses.url))
  const environments = writeEnvironments({
    folder,
    addresses,
    ports,
    secrets,
    databaseUrl,
    demo: demoState !== 'none',
    given,
  })

  const management = await startManagement({
    host: new URL(addresses.managementUrl).hostname,
    port: portOf(addresses.managementUrl),
    services: Object.fromEntries(
      serviceNames.map((name) => [name, `http://127.0.0.1:${ports.management[name]}`]),
    ),
    mailbox: demoState !== 'none',
  })
  toStop.push({
    name: 'management',
    stop: async () => (management.closeAllConnections(), management.close()),
  })

  const demo = demoState === 'none' ? undefined : await startDemo({ addresses, secrets, size })
  if (demo !== undefined) toStop.push({ name: 'demo', stop: demo.stop })

  await Promise.all((Object.keys(worlds) as WorldName[]).map((world) => startWorld(world, environments)))
  if (demo !== undefined && demoState === 'wanted') await seedDemo({ folder, addresses, size })
  tell(performance.now() - began, demo)
}

/**
 * Demo accounts have a password that everybody knows: they are made only in an empty folder on loopback, and a folder that has
 * them never serves anything else. An interrupted first start is seeded again by the next.
 */
function demoStateOf(): 'none' | 'wanted' | 'there' {
  const mark = (word: string) => join(folder, 'settings', word)
  const isLocal = Object.values(addresses).every(isLoopback)
  const isMarked = existsSync(mark('demo')) || existsSync(mark('demo-wanted'))
  if (isMarked && !isLocal) {
    throw new NotHere(
      `${folder} holds the demonstration, whose passwords are printed. It is served on this machine only. For anything else begin with an empty folder (ALTHING_DATA).`,
    )
  }
  if (existsSync(mark('demo'))) return 'there'
  if (existsSync(mark('demo-wanted'))) return 'wanted'
  const isNew = !existsSync(mark('keys.json'))
  if (!isNew || !isLocal || given['ALTHING_DATABASE_URL'] !== undefined || given['ALTHING_DEMO'] === 'off')
    return 'none'
  mkdirSync(join(folder, 'settings'), { recursive: true, mode: 0o700 })
  writeFileSync(mark('demo-wanted'), '')
  return 'wanted'
}

async function openDatabases(): Promise<(service: ServiceName) => string> {
  const url = given['ALTHING_DATABASE_URL']
  if (url !== undefined)
    return externalDatabases(url, serviceNames, join(folder, 'settings', 'database.json'))
  const server = await startEmbedded({
    folder,
    roles: serviceNames,
    onExit: (code) => {
      console.error(
        `PostgreSQL has ended (${code ?? 'by a signal'}). What it had acknowledged is safe; start again.`,
      )
      process.exit(1)
    },
  })
  toStop.push({ name: 'database', stop: () => server.stop() })
  return (service) => server.urlFor(service)
}

/** A thread with its own modules and an environment that holds nothing of the other world, nor of this process. */
async function startWorld(world: WorldName, all: Record<ServiceName, Record<string, string>>): Promise<void> {
  const services = worlds[world]
  const environments = Object.fromEntries(services.map((name) => [name, all[name]]))
  const worker = new Worker(new URL('./world.ts', import.meta.url), {
    name: world,
    env: { TZ: 'UTC' },
    workerData: { services, environments },
    // A third of what V8 would take for what is new: 20 MB less at rest, and more often a short collection under load.
    resourceLimits: { maxYoungGenerationSizeMb: 24 },
  })
  const { promise, resolve: ready, reject } = Promise.withResolvers<void>()
  worker.on('message', ({ kind }: { kind: string }) => kind === 'ready' && ready())
  worker.on('error', reject)
  const ended = new Promise<void>((done) => worker.once('exit', () => done()))
  await promise
  // From here on a world that ends by itself takes the others with it: a half-alive process helps nobody.
  worker.on('error', (error) => {
    console.error(`The ${world} world has failed.`, error)
    process.exit(1)
  })
  toStop.push({ name: world, stop: async () => (worker.postMessage('close'), ended) })
}

function tell(milliseconds: number, demo: Demo | undefined): void {
  const lines = [
    '',
    `Althing is ready (${(milliseconds / 1000).toFixed(1)} s).`,
    '',
    `  For people      ${addresses.url}`,
    `  For ballots     ${addresses.ballotUrl}`,
    `  Management      ${addresses.managementUrl}/health`,
    ...(demo === undefined ? [] : demoLines(demo)),
    '',
    `  Data            ${folder}`,
    '  Stop with Ctrl-C.',
    '',
  ]
  console.log(lines.join('\n'))
}

function demoLines(demo: Demo): string[] {
  return [
    `  Demo eID        ${addresses.eidUrl}  (a stand-in; it proves nothing)`,
    `  Demo mailbox    ${addresses.managementUrl}/outbox`,
    '',
    '  Demo sign-ins, all with the password althing-demo-2026:',
    ...demo.signIns.map(({ email, is }) => `    ${email.padEnd(22)} ${is}`),
  ]
}

/** Last started, first stopped; the database last of all. */
async function stopAll(): Promise<void> {
  for (const part of toStop.splice(0).reverse()) {
    await part.stop().catch((error: unknown) => console.error(`${part.name} did not stop cleanly.`, error))
  }
}

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    void stopAll().then(() => process.exit(0))
  })
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}

function plainly(error: unknown): string {
  if (isInUse(error)) {
    const { port } = error as { port?: number }
    return `Port ${port ?? ''} is in use by another program. Stop it, or choose other addresses with ALTHING_URL, ALTHING_BALLOT_URL and ALTHING_MANAGEMENT_URL.`
  }
  return (error as Error).message
}
