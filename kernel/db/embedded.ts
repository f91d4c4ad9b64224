import type { ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  initialise,
  launch,
  layOut,
  makeFolder,
  waitForPredecessor,
  type Durability,
} from './embedded/cluster.ts'
import { lockFolder } from './embedded/folder-lock.ts'
import { makeRoles, readPasswords } from './embedded/roles.ts'

export { FolderInUse } from './embedded/folder-lock.ts'

export interface EmbeddedOptions {
  /** The data folder. Ours in it: postgresql/, settings/database.json, logs/postgresql.log, althing.lock. */
  folder: string
  /** One database and one login per name. */
  roles?: readonly string[]
  /** 'none' is for tests that throw everything away: no fsync. */
  durability?: Durability
  /** Called when the server ends and nobody asked it to. */
  onExit?: (code: number | null) => void
}

export interface Embedded {
  /** By Unix socket when the path is short enough for one, else by 127.0.0.1. */
  urlFor(role: string): string
  /** For programs that know no Unix socket. */
  tcpUrlFor(role: string): string
  superuserUrl(database?: string): string
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
}

/**
 * A real PostgreSQL of our own under the data folder: made at the first start, recovered at a later one whatever happened.
 * Call it from the main thread: the server ends with the thread that started it. Refuses with FolderInUse when another
 * process has the folder.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const folder = resolve(options.folder)
  makeFolder(folder)
  const unlock = lockFolder(folder)
  try {
    return await start({ ...options, folder }, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function start(
  { folder, roles = [], durability = 'full', onExit }: EmbeddedOptions,
  unlock: () => void,
): Promise<Embedded> {
  const place = layOut(folder)
  const passwords = readPasswords(place.settings)
  initialise(place, passwords.superuser, durability)
  await waitForPredecessor(place.cluster)
  const { server, port } = await launch(place, durability)
  const stop = superviseServer(server, unlock, onExit)
  const urls = createUrls(port, place.socket)
  try {
    await makeRoles(urls('postgres', passwords.superuser), roles, passwords, place.settings)
  } catch (error) {
    await stop()
    throw error
  }

  const passwordOf = (role: string) => {
    const password = passwords.roles[role]
    if (password === undefined) throw new Error(`There is no database role ${role}.`)
    return password
  }
  return {
    urlFor: (role) => urls(role, passwordOf(role)),
    tcpUrlFor: (role) => createUrls(port, undefined)(role, passwordOf(role)),
    superuserUrl: (database = 'postgres') => urls('postgres', passwords.superuser, database),
    pid: server.pid ?? 0,
    port,
    stop,
  }
}

function createUrls(port: number, socket: string | undefined) {
  return (user: string, password: string, database = user) =>
    socket === undefined
      ? `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
      : `postgres://${user}:${password}@localhost/${database}?host=${encodeURIComponent(socket)}&port=${port}`
}

function superviseServer(server: ChildProcess, unlock: () => void, onExit?: (code: number | null) => void) {
  let asked = false
  const lastResort = () => void server.kill('SIGINT')
  process.once('exit', lastResort)
  const exited = new Promise<number | null>((done) => server.once('exit', done)).then((code) => {
    process.removeListener('exit', lastResort)
    unlock()
    if (!asked) onExit?.(code)
  })

  return async function stop() {
    asked = true
    // SIGINT is the fast shutdown: open transactions are rolled back and the rest is put in order on disk.
    server.kill('SIGINT')
    const late = pause(20_000, 'late' as const, { ref: false })
    if ((await Promise.race([exited, late])) !== 'late') return
    server.kill('SIGQUIT') // Ends it like a crash; the next start recovers.
    await exited
  }
}
