import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { availableParallelism, tmpdir, userInfo } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { isRunning } from '../kernel/db/embedded/folder-lock.ts'
import { startEmbedded } from '../kernel/db/embedded.ts'
import { runStep, steps, textOf } from './check.ts'

/**
 * `npm test`: the checks, then every file in lanes, one for each core and one for what others wait for: browsers in two of them, the
 * rest in all.
 * With words (`npm test -- members/membership outbox`) only files they name, and no checks. Failures are printed in full where
 * they happen, and once more at the end, where they are looked for; the last line counts. `--unit`: no checks and no browsers.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const patterns = ['kernel', 'services', 'web', 'cli', 'run', 'deploy', 'tools', 'tests'].map(
  (folder) => `${folder}/**/*.test.{ts,mjs}`,
)
const tenMinutesMs = 600_000

interface Totals {
  passed: number
  failed: number
  skipped: number
}

const totals: Totals = { passed: 0, failed: 0, skipped: 0 }
/** All that was printed of what failed. */
const failures: string[] = []

async function main(args: readonly string[]) {
  process.chdir(root)
  const words = args.filter((word) => !word.startsWith('-'))
  if (args.some((word) => word.startsWith('-') && word !== '--unit')) return explain()
  const files = select(words)
  const isWhole = words.length === 0 && !args.includes('--unit')
  if (words.length > 0 && files.length === 0)
    console.log(`No test file is called anything like ${words.join(' ')}.`)
  if (isWhole) await check()
  throwAwayInMemory()
  await withDatabase(async () => {
    const isJourney = (file: string) => file.startsWith('tests/journeys/')
    const isChecked = (file: string) => isWhole && file.startsWith('tests/architecture/')
    const rest = files.filter((file) => !isJourney(file) && !isChecked(file)).sort(longestFirst)
    const journeys = args.includes('--unit') ? [] : files.filter(isJourney)
    // Each lane takes the next file when it has done one. One by one the stories in a browser would take longer than all the rest.
    const next = () => journeys.shift() ?? rest.shift()
    const others = Array.from({ length: availableParallelism() - 1 }, () => inLane(() => rest.shift()))
    await Promise.all([inLane(next), inLane(next), ...others])
  })
  if (failures.length > 0) console.log(['', 'What failed:', ...failures, ''].join('\n'))
  const { passed, failed, skipped } = totals
  const isNothing = passed + failed + skipped === 0
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  // Something may still hold the process (a server that a test forgot): the count is final, so is the end.
  process.exit(failed > 0 || isNothing ? 1 : 0)
}

/** Whoever asks, or mistypes, must not be answered with a quarter of an hour of tests. */
function explain(): void {
  console.log(
    'npm test                          everything\nnpm test -- members/membership    the files that these words name\nnpm run unit -- members           the same, without browsers',
  )
  process.exitCode = 1
}

/** A path, a folder, a feature (`members/membership`), or a part of a file's name. */
function select(words: readonly string[]) {
  const all = globSync(patterns, { exclude: (name) => name.includes('node_modules') }).filter(
    (file) => !file.includes('/node_modules/'),
  )
  const wanted = words.map((word) => relative(root, resolve(word)))
  const isNamed = (file: string) =>
    words.length === 0 ||
    wanted.some((word, index) => {
      const folders = [
        word,
        `services/${words[index]}`,
        `kernel/${words[index]}`,
        `web/${words[index]}`,
      ].filter(isFolder)
      if (folders.length > 0) return folders.some((folder) => file.startsWith(`${folder}/`))
      return file === word || file.includes(words[index] ?? word)
    })
  return all.filter(isNamed).sort()
}

/** What runs a whole Althing takes minutes: begun last, it would run alone at the end. */
const longestFirst = (a: string, b: string) =>
  Number(b.startsWith('tests/')) - Number(a.startsWith('tests/')) || (a < b ? -1 : 1)

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory()

async function check() {
  for (const step of steps) {
    const outcome = await runStep(step)
    if (outcome.ok) console.log(textOf(outcome))
    else printFailed(textOf(outcome))
    totals[outcome.ok ? 'passed' : 'failed'] += 1
  }
}

/**
 * What tests write is thrown away, thousands of files each minute: every database is six hundred. On disk making them costs more than what
 * is tested with them (ext4 without a journal looks past each file that was removed lately for every new one). So where Linux has memory to
 * spare, the folder for what is temporary is there. Who kills us leaves it behind; the next run removes it.
 */
function throwAwayInMemory() {
  const [shared, prefix, gigabyte] = ['/dev/shm', `althing-tests-${userInfo().uid}-`, 2 ** 30]
  if (process.env['TMPDIR'] !== undefined || !isFolder(shared)) return
  for (const name of readdirSync(shared).filter((one) => one.startsWith(prefix)))
    if (!isRunning(Number(name.slice(prefix.length))))
      rmSync(join(shared, name), { recursive: true, force: true })
  const { bavail, bsize } = statfsSync(shared)
  if (bavail * bsize < 4 * gigabyte || process.availableMemory() < 8 * gigabyte) return
  const folder = join(shared, `${prefix}${process.pid}`)
  mkdirSync(folder)
  // Programs that give up their rights, as Apache does, find what is theirs; nobody else sees what there is.
  chmodSync(folder, 0o711)
  process.env['TMPDIR'] = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
}

/** One server for all files; where a machine cannot run one, those that need none still run. */
async function withDatabase(work: () => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'althing-tests-'))
  const server = await startEmbedded({ folder, durability: 'none' })
  process.env['ALTHING_TEST_DATABASE_URL'] = server.superuserUrl()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  try {
    await work()
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function inLane(next: () => string | undefined) {
  for (let file = next(); file !== undefined; file = next()) await runFile(file)
}

async function runFile(file: string) {
  let said = ''
  // The timeout ends a test; a file that something holds open after its last test is ended by the signal, and has failed.
  const signal = AbortSignal.timeout(tenMinutesMs)
  const stream = run({ files: [resolve(file)], timeout: tenMinutesMs, signal })
  stream.on('test:stdout', ({ message }) => (said += message))
  stream.on('test:stderr', ({ message }) => (said += message))
  stream.on('test:fail', (data) => printFailure(data))
  stream.on('test:summary', ({ file: one, counts, duration_ms: durationMs }) => {
    // Without a file it is the sum; that alone counts a file that could not even be loaded.
    if (one !== undefined) return
    const skipped = counts.skipped + counts.todo
    const failed = counts.tests - counts.passed - skipped
    totals.passed += counts.passed
    totals.skipped += skipped
    totals.failed += failed
    const line = `${file} (${counts.tests}) ${(durationMs / 1000).toFixed(1)} s`
    if (failed === 0) return console.log(`✔ ${line}`)
    printFailed(`✖ ${line}`)
    if (said !== '') printFailed(`What ${file} printed:\n${indent(said)}`)
  })
  for await (const _ of stream) void _
}

type Failure = Parameters<Parameters<ReturnType<typeof run>['on']>[1]>[0]

function printFailure(data: Failure) {
  const { name, file, line, details } = data as {
    name: string
    file?: string
    line?: number
    details: { error: Error }
  }
  const { error } = details
  // Of a parent it only says that a child failed, which was said already.
  if ((error as { failureType?: string }).failureType === 'subtestsFailed') return
  printFailed(`✖ ${name}${file === undefined ? '' : ` (${relative(root, file)}:${line})`}`)
  printFailed(indent(inspect(error.cause ?? error, { depth: 6 })))
  // A file whose process died says nothing else.
  const { exitCode, signal } = error as { exitCode?: number | null; signal?: string | null }
  if (exitCode !== undefined) printFailed(indent(`ended with ${signal ?? `exit code ${exitCode}`}`))
}

function printFailed(text: string): void {
  console.log(text)
  failures.push(text)
}

const indent = (text: string) => text.trimEnd().replaceAll(/^/gm, '    ')

await main(process.argv.slice(2))
