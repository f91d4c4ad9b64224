/**
 * Commands of a service: nouns and verbs over the same features that its routes use, run as a process of their own.
 * Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 wrong use, 2 refused or not
 * intact, 3 not reachable, 4 signature unknown. No secret is ever taken from a flag.
 */
import { userInfo } from 'node:os'
import { ConfigError, type Environment } from '../config/index.ts'
import { systemChance, systemClock } from '../context/index.ts'
import { DatabaseError, migrate, openDatabase } from '../db/index.ts'
import { Fault } from '../errors/index.ts'
import { silentLog } from '../telemetry/index.ts'
import type { Assembled, Kit, Service } from './define.ts'
import { mostWords, NothingFound, Unreachable, UsageError, type Command, type Out } from './command.ts'
import { kernelCommands } from './kernel-commands.ts'
import { readOptions } from './options.ts'
import { configOf, createKit, migrationsOf } from './run.ts'

const common = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const

/** @returns the exit code */
export async function runCommand(
  service: Service,
  own: readonly Command[],
  argv: readonly string[],
  env: Environment,
): Promise<number> {
  const [noun, verb, ...rest] = argv
  const command = [...own, ...kernelCommands].find((one) => one.noun === noun && one.verb === verb)
  if (command === undefined)
    return (console.error(`There is no command ${noun ?? ''} ${verb ?? ''}. Try: althing --help`), 1)
  try {
    const { values, positionals } = readOptions(rest, { ...command.options, ...common })
    if (values['help'] === true) return (console.log(helpOf(command)), 0)
    checkWords(command, positionals)
    return await withKit(service, env, command, async (kit, assembled) => {
      const out = createOut(values['json'] === true)
      return (
        (await command.run({
          kit,
          assembled,
          service,
          positionals,
          values,
          out,
          actor: `operator:${userInfo().username}`,
        })) ?? 0
      )
    })
  } catch (error) {
    return explain(error)
  }
}

/** @throws UsageError before anything is opened or done */
function checkWords({ noun, verb, usage }: Command, words: readonly string[]): void {
  const tooMuch = words[mostWords(usage)]
  if (tooMuch === undefined) return
  const called = ['althing', noun, verb, ...(usage === undefined ? [] : [usage])].join(' ')
  throw new UsageError(`“${tooMuch}” is a word too many. It is called so: ${called}`)
}

async function withKit(
  service: Service,
  env: Environment,
  command: Command,
  work: (kit: Kit<Record<string, unknown>>, assembled: Assembled) => Promise<number>,
): Promise<number> {
  const settings = configOf(service, env)
  const database = openDatabase({
    url: settings.databaseUrl.reveal(),
    max: 4,
    applicationName: `althing-cli-${service.name}`,
  })
  try {
    await migrate(database, migrationsOf(service))
    const { kit, counters } = createKit({
      service,
      clock: systemClock,
      chance: systemChance,
      settings,
      log: silentLog,
      database,
      env,
    })
    const assembled = command.assemble === false ? { routes: [] } : await service.assemble(kit as never)
    try {
      return await work(kit, assembled)
    } finally {
      await assembled.stop?.()
      await counters.close()
    }
  } finally {
    await database.close()
  }
}

function createOut(asJson: boolean): Out {
  return {
    result: (value, forPeople) =>
      console.log(asJson || forPeople === undefined ? JSON.stringify(value, null, 2) : forPeople),
    note: (text) => console.error(text),
  }
}

function helpOf({ noun, verb, summary, usage, options = {} }: Command): string {
  const flags = Object.entries({ ...options, ...common }).map(
    ([name, option]) => `  --${name}${(option.type as string) === 'string' ? ' <value>' : ''}`,
  )
  return [
    `althing ${noun} ${verb}${usage === undefined ? '' : ` ${usage}`}`,
    '',
    summary,
    '',
    'Options:',
    ...flags,
  ].join('\n')
}

function explain(error: unknown): number {
  if (error instanceof UsageError) return (console.error(error.message), 1)
  if (error instanceof NothingFound) return (console.error(error.message), 2)
  if (error instanceof Unreachable) return (console.error(error.message), 3)
  if (error instanceof ConfigError) return (console.error(error.message), 1)
  if (error instanceof Fault) {
    console.error(
      [
        error.title,
        ...error.fields.map(({ pointer, message }) => `  ${pointer}: ${message}`),
        `(${error.code})`,
      ].join('\n'),
    )
    return 2
  }
  if (isOfFile(error)) return (console.error(error.message), 1)
  if (isUnreachable(error))
    return (console.error('Althing does not answer. Is it running? Start it with: npm start'), 3)
  console.error(error)
  return 2
}

/** Said by the system in a sentence: there is no such file, it is there already, it may not be written. */
function isOfFile(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    'path' in error &&
    'syscall' in error &&
    ['open', 'read'].includes(String(error.syscall))
  )
}

function isUnreachable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return (
    (error instanceof DatabaseError && error.kind === 'unavailable') ||
    ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT'].includes(code) ||
    // A socket that is not there; a file that is not there is something else.
    (code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'connect') ||
    (error instanceof Error && error.cause !== undefined && isUnreachable(error.cause))
  )
}
