import { spawnSync } from 'node:child_process'
import { accessSync, chownSync, constants, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** As whom the server runs: `wrap` puts what is needed before a command. */
export interface Account {
  uid: number | undefined
  gid: number | undefined
  wrap(command: readonly string[]): [string, ...string[]]
}

/**
 * PostgreSQL refuses to run as root, so root lends it another user: the owner of an existing cluster, else `postgres`,
 * else `nobody`. That user often cannot enter root's own folders (a clone under /root); then it is given the one
 * capability to pass through folders (containers often lack that one and have a wider one). The services' roles are no superusers and cannot reach files by SQL with it.
 * Everybody else runs it as themselves.
 */
export function chooseAccount({
  binary,
  folder,
  cluster,
}: {
  binary: string
  folder: string
  cluster: string
}): Account {
  const tied = tiedToParent()
  if (process.getuid?.() !== 0)
    return { uid: undefined, gid: undefined, wrap: (command) => [...tied, ...command] as never }

  if (tied.length === 0)
    throw new Error('To run PostgreSQL as root the program setpriv (package util-linux) is needed.')
  const { uid, gid } = ownerOf(cluster) ??
    userCalled('postgres') ??
    userCalled('nobody') ?? { uid: 65534, gid: 65534 }
  chownSync(folder, uid, gid)
  const as = [...tied, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  const attempts = [
    as,
    ...['+dac_read_search', '+dac_override'].map((may) => [
      ...as,
      `--inh-caps=-all,${may}`,
      `--ambient-caps=-all,${may}`,
      // Without this access(2), by which initdb looks for its programs, would not count the capability.
      '--securebits=+no_setuid_fixup',
    ]),
  ]
  for (const prefix of attempts) {
    const wrap = (command: readonly string[]) => [...prefix, '--', ...command] as [string, ...string[]]
    if (canReach(wrap, binary, folder)) return { uid, gid, wrap }
  }
  throw new Error(
    `PostgreSQL must not run as root, and the user it runs as instead (uid ${uid}) cannot reach ${folder} or ${binary}. ` +
      'Start as an ordinary user, or move to a folder others may enter (chmod o+x on the folders above it).',
  )
}

/**
 * The kernel tells the server to stop (SIGINT: fast shutdown) when the thread that started it is gone, whatever killed it.
 * Start it from the main thread, therefore. Where there is no setpriv (macOS) a killed Node leaves it running; the next start ends it first.
 */
function tiedToParent() {
  return isExecutable('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig=INT'] : []
}

function canReach(wrap: Account['wrap'], binary: string, folder: string) {
  const [command, ...args] = wrap([
    '/bin/sh',
    '-c',
    '"$1" --version && test -w "$2" && test -x "$2"',
    'sh',
    binary,
    folder,
  ])
  return spawnSync(command, args, { stdio: 'ignore', cwd: '/' }).status === 0
}

function ownerOf(cluster: string) {
  try {
    const { uid, gid } = statSync(join(cluster, 'PG_VERSION'))
    return uid === 0 ? undefined : { uid, gid }
  } catch {
    return undefined
  }
}

function userCalled(name: string) {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

function isExecutable(path: string) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
