/** A service in a process of its own beside a PostgreSQL of its own, and what either of them has spent. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbedded } from '@althing/kernel/db/embedded.ts'
import type { SpentSoFar } from './answer-spent.ts'
import type { IdentityGiven } from './identity-process.ts'

export interface Spent {
  readonly serverMs: number
  /** Of that, by its threads of low priority: those that hash. */
  readonly hashMs: number
  readonly postgresMs: number
  readonly clientMs: number
  readonly statements: number
  readonly memoryMb: number
  readonly heapMb: number
}

interface IdentityStarted {
  readonly origin: string
  readonly databaseUrl: string
  readonly secrets: Readonly<Record<string, string>>
}

/** PostgreSQL writes what it has promised, as in production and unlike in tests. */
export async function startIdentity(given: IdentityGiven) {
  const postgres = await startEmbedded({ folder: mkdtempSync(join(tmpdir(), 'althing-bench-')) })
  const child = await startBeside<IdentityStarted>('identity-process.ts', {
    given,
    env: { ALTHING_TEST_DATABASE_URL: postgres.superuserUrl() },
  })
  return {
    ...child,
    spent: async (how?: 'spent' | 'collected'): Promise<Spent> => ({
      ...(await child.spent(how)),
      postgresMs: treeMs(postgres.pid),
    }),
    async stop() {
      await child.stop()
      await postgres.stop()
    },
  }
}

/** A program of this folder in a process of its own, which says what it has started (answer-spent.ts). */
export async function startBeside<Started>(
  program: string,
  { given = {}, env = {} }: { readonly given?: object; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), [JSON.stringify(given)], {
    env: { ...process.env, ...env },
    execArgv: [
      '--expose-gc',
      '--disable-warning=ExperimentalWarning',
      `--import=${new URL('without-runner.ts', import.meta.url).href}`,
    ],
    // Its log is written, and read by nobody.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [started] = (await once(child, 'message')) as [Started]

  async function spent(how: 'spent' | 'collected' = 'spent'): Promise<Spent> {
    child.send(how)
    const [{ cpuMs, statements, memoryMb, heapMb }] = (await once(child, 'message')) as [SpentSoFar]
    const { user, system } = process.cpuUsage()
    return {
      serverMs: cpuMs,
      hashMs: lowThreadsMs(child.pid ?? 0),
      postgresMs: 0,
      clientMs: (user + system) / 1000,
      statements,
      memoryMb,
      heapMb,
    }
  }

  return {
    ...started,
    spent,
    async stop() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** A process, the children it has, and those it had: in Linux's ticks of ten milliseconds. */
function treeMs(pid: number): number {
  const processes = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(name) ?? []) : []))
  return processes
    .filter((one) => one.pid === pid || one.parent === pid)
    .reduce((sum, one) => sum + one.ownMs + (one.pid === pid ? one.endedMs : 0), 0)
}

function lowThreadsMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => statOf(`${pid}/task/${thread}`) ?? [])
    .filter(({ nice }) => nice > getPriority())
    .reduce((sum, { ownMs }) => sum + ownMs, 0)
}

function statOf(place: string) {
  try {
    // The name of the program may hold anything; what follows it does not (proc(5)).
    const fields =
      readFileSync(`/proc/${place}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? []
    const [, parent = 0] = fields
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11)
    return {
      pid: Number(place),
      parent,
      nice: fields[16] ?? 0,
      ownMs: (user + system) * 10,
      endedMs: (endedUser + endedSystem) * 10,
    }
  } catch {
    return null // It ended while we looked.
  }
}
