import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chooseAccount, type Account } from './account.ts'
import { postgresFolder } from './binaries.ts'
import { isRunning } from './folder-lock.ts'

export interface Place {
  bin: string
  base: string
  cluster: string
  /** undefined: the path would be longer than the 107 bytes a socket address may have. */
  socket: string | undefined
  settings: string
  log: string
  account: Account
}

export type Durability = 'full' | 'none'

export function layOut(folder: string): Place {
  const bin = join(postgresFolder(), 'bin')
  const base = join(folder, 'postgresql')
  const cluster = join(base, 'cluster')
  mkdirSync(base, { recursive: true, mode: 0o700 })
  mkdirSync(join(folder, 'settings'), { recursive: true, mode: 0o700 })
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o755 })
  return {
    bin,
    base,
    cluster,
    socket: Buffer.byteLength(join(base, '.s.PGSQL.65535')) <= 100 ? base : undefined,
    settings: join(folder, 'settings', 'database.json'),
    log: join(folder, 'logs', 'postgresql.log'),
    account: chooseAccount({ binary: join(bin, 'postgres'), folder: base, cluster }),
  }
}

/** Made aside and renamed: a start that is killed half-way leaves no half cluster to be taken for a whole one. */
export function initialise({ bin, base, cluster, account }: Place, password: string, durability: Durability) {
  if (existsSync(join(cluster, 'PG_VERSION'))) return
  const fresh = join(base, 'fresh')
  const passwordFile = join(base, 'password')
  rmSync(fresh, { recursive: true, force: true })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined)
    chownSync(passwordFile, account.uid, account.gid)
  try {
    const [command, ...args] = account.wrap([
      join(bin, 'initdb'),
      '-D',
      fresh,
      ...initOptions(passwordFile, durability),
    ])
    const { status, stderr, error } = spawnSync(command, args, {
      cwd: '/',
      encoding: 'utf8',
      env: cleanEnvironment(),
    })
    if (status !== 0) throw new Error(`PostgreSQL could not be set up in ${base}: ${stderr || String(error)}`)
    renameSync(fresh, cluster)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function initOptions(passwordFile: string, durability: Durability) {
  return [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Order by code point, the same on every machine and for ever; where a person reads a list, the query names a language.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    // The passwords are 256 random bits: stretching them would only make each connection slower.
    '--set=scram_iterations=16',
    ...(durability === 'none' ? ['--no-sync'] : []),
  ]
}

/** Starts the server and waits until it answers. A port that somebody took in between costs another try. */
export async function launch(
  place: Place,
  durability: Durability,
): Promise<{ server: ChildProcess; port: number }> {
  for (let tries = 0; ; tries++) {
    const port = await freePort()
    const server = run(place, port, durability)
    if (await isReady(place, server)) return { server, port }
    const said = lastWords(place.log)
    const passing =
      /could not (bind|create any TCP)|pre-existing shared memory|lock file .* already exists/.test(said)
    if (!passing || tries >= 20)
      throw new Error(`PostgreSQL did not start; its log ${place.log} ends with:\n${said}`)
    await pause(100)
  }
}

function run({ bin, cluster, base, log, account, socket }: Place, port: number, durability: Durability) {
  if (existsSync(log) && statSync(log).size > 10_000_000) renameSync(log, `${log}.1`)
  const output = openSync(log, 'a', 0o600)
  const [command, ...args] = account.wrap([
    join(bin, 'postgres'),
    '-D',
    cluster,
    ...Object.entries({
      ...settings,
      ...(durability === 'none' && noDurability),
      port: `${port}`,
      unix_socket_directories: socket === undefined ? '' : base,
    }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ])
  // A session of its own: Ctrl-C at the terminal is for Node, which then stops the server after the last request.
  const server = spawn(command, args, {
    cwd: '/',
    stdio: ['ignore', output, output],
    detached: true,
    env: cleanEnvironment(),
  })
  closeSync(output)
  return server
}

const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_permissions: '0777', // Passwords decide; the folder around it is closed anyway.
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',

  // What is acknowledged is on disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',

  // Small: a laptop that also runs everything else.
  shared_buffers: '48MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  temp_buffers: '4MB',
  autovacuum_max_workers: '2',
  autovacuum_naptime: '20s',
  max_worker_processes: '2',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  jit: 'off',

  // Enough for a base backup and point-in-time recovery; segments are reused, not grown.
  wal_level: 'replica',
  max_wal_senders: '2',
  max_wal_size: '256MB',
  min_wal_size: '64MB',
  wal_buffers: '4MB',
  checkpoint_timeout: '5min',
  // When a row was committed is nobody's business, least of all beside a ballot.
  track_commit_timestamp: 'off',

  // No value ever reaches a log: errors quote them, so errors go to the client only, and details to nobody.
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_duration_statement: '-1',
  log_lock_waits: 'off',
  log_temp_files: '-1',
  log_autovacuum_min_duration: '-1',
  log_checkpoints: 'off',
  log_connections: '',
  log_line_prefix: '%m [%p] ',
  logging_collector: 'off',
}

const noDurability = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
  shared_buffers: '128MB',
}

/** Nothing of ours (settings, secrets, PGDATA of somebody) reaches the server. */
const cleanEnvironment = () => ({ PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' })

/** The eighth line of postmaster.pid says how far it is: what pg_ctl reads too. */
async function isReady({ cluster }: Place, server: ChildProcess) {
  server.once('error', () => {}) // Not started at all: then it has no pid.
  while (server.pid !== undefined && server.exitCode === null && server.signalCode === null) {
    const lines = readPidFile(cluster)
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return true
    await pause(5)
  }
  return false
}

function readPidFile(cluster: string) {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

/**
 * After a crash of Node its server may still be on its way out. The folder is locked for us, so it is nobody else's:
 * we wait for it, ask it to hurry, and at last end it (recovery makes everything acknowledged whole).
 */
export async function waitForPredecessor(cluster: string) {
  const pid = Number(readPidFile(cluster)[0])
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid || !isPostgres(pid)) return
  for (const [signal, patienceMs] of [
    ['SIGINT', 5_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 1_000],
  ] as const) {
    signalIfThere(pid, signal)
    for (let waited = 0; waited < patienceMs; waited += 20) {
      if (!isRunning(pid)) return
      await pause(20)
    }
  }
}

/** The number in an old file may belong to a stranger by now. */
function isPostgres(pid: number) {
  if (!isRunning(pid)) return false
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres'
  } catch {
    return process.platform !== 'linux'
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone already, or not ours to signal: then the start itself says what is wrong.
  }
}

function lastWords(log: string) {
  return readFileSync(log, 'utf8').split('\n').slice(-6).join('\n').trim()
}

/** Makes a folder that is new passable for the server's user, whatever the umask; one that was there is left as it is. */
export function makeFolder(folder: string) {
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o711)
}

async function freePort() {
  const probe = createServer()
  await new Promise<void>((done, failed) => probe.once('error', failed).listen(0, '127.0.0.1', done))
  const { port } = probe.address() as AddressInfo
  await new Promise((done) => probe.close(done))
  return port
}
