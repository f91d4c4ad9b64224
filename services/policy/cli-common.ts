/** What the commands of policy have in common. */
import { plainly } from '@althing/kernel/errors/plainly.ts'
import { NothingFound, textIn, UsageError, type CommandInput } from '@althing/kernel/service'
import { noSuch } from '@althing/kernel/service/near.ts'
import { Registry } from '@althing/kernel/telemetry'
import type { z } from 'zod'
import type { Problem, Source, Trial } from './authored.ts'
import type { PolicyKit } from './compose-access.ts'
import { composePublishing } from './compose-publish.ts'
import { createPolicyMetrics } from './metrics.ts'

/** The commands need the features, not the running service: they publish no release and open no door. */
export const composed = ({ kit }: CommandInput) =>
  composePublishing(kit as unknown as PolicyKit, createPolicyMetrics(new Registry()))

export const partOptions = {
  schema: { type: 'string' },
  links: { type: 'string' },
  tests: { type: 'string' },
} as const

/** What is beside the policies: from the files that are named, and nothing where none is. */
export function sourceIn({ values }: CommandInput, policies: string): Source {
  const part = (name: 'schema' | 'links' | 'tests') =>
    values[name] === undefined ? '' : textIn(String(values[name]))
  return { policies, schema: part('schema'), links: part('links'), tests: part('tests') }
}

/** As compilers say it, so that editors find the place. */
export function problemLines(
  problems: readonly Problem[],
  files: Readonly<Partial<Record<Problem['part'], string>>>,
): string {
  return problems
    .map(({ part, policy, line, column, message }) => {
      const place = [files[part] ?? part, line, column].filter((one) => one !== null).join(':')
      return `${place}: ${policy === null ? '' : `${policy}: `}${message}`
    })
    .join('\n')
}

export function trialLines(trials: readonly Trial[]): string {
  const passed = trials.filter((one) => one.passed).length
  const failing = trials
    .filter((one) => !one.passed)
    .map(({ file, line, name, instead }) => `${file}:${line}: ${name} Decided instead: ${instead ?? ''}.`)
  return [...failing, `${passed} passed, ${trials.length - passed} failed`].join('\n')
}

/** @throws NothingFound with the command that shows what there is: between numbers none is the nearest */
export async function revisionIn(input: CommandInput, written: string): Promise<number> {
  const { history } = composed(input)
  const revision = /^\d{1,9}$/.test(written) ? Number(written) : 0
  const { versions } = await history.list(revision + 1, 1, true)
  if (versions[0]?.revision === revision) return revision
  const { written: latest } = await history.state()
  throw new NothingFound(
    `There is no version ${written}. Version ${latest} is in force: althing policy versions shows all that there were.`,
  )
}

/** @throws UsageError */
export function reasonIn({ values }: CommandInput): string {
  const reason = String(values['reason'] ?? '').trim()
  if (reason === '')
    throw new UsageError('Say why, in a few words: --reason "…". It stands in the audit log.')
  if (reason.length < 3)
    throw new UsageError('The reason is too short: three characters at least. It stands in the audit log.')
  if (reason.length > 500)
    throw new UsageError(`The reason has ${reason.length} characters, and 500 are the most.`)
  return reason
}

/** The options of these names, as far as they are given. */
export const given = (
  { values }: CommandInput,
  names: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])))

/** @throws UsageError that calls what is not right as it is called on the command line */
export function readAs<S extends z.ZodType>(
  schema: S,
  written: unknown,
  called: Readonly<Record<string, string>> = {},
): z.output<S> {
  const read = schema.safeParse(written)
  if (read.success) return read.data
  const [wrong] = read.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '')
    return `${called[name] ?? `--${name}`} ${plainly(issue)}.`
  })
  throw new UsageError(wrong ?? 'This is not right.')
}

interface Word {
  readonly run: (input: CommandInput) => Promise<number | void>
  /** How many more words it reads. */
  readonly reads?: number
}

/** One noun of several words. @throws UsageError with the nearest that there is */
export function chosen(input: CommandInput, words: Readonly<Record<string, Word>>): Promise<number | void> {
  const [word, ...more] = input.positionals
  const names = Object.keys(words)
  if (word === undefined) throw new UsageError(`Say which: ${names.join(', ')}.`)
  const found = Object.hasOwn(words, word) ? words[word] : undefined
  if (found === undefined) throw new UsageError(noSuch('word for it called', word, names))
  // Whoever wrote a word that nobody reads believes that it was heard.
  const tooMuch = more[found.reads ?? 0]
  if (tooMuch !== undefined) throw new UsageError(`“${tooMuch}” is a word too many for ${word}.`)
  return found.run(input)
}
