/** Policies in files: whether they are right, how they decide, and how they come into force. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { NothingFound, UsageError, type Command, type CommandInput, textIn } from '@althing/kernel/service'
import { noSuch } from '@althing/kernel/service/near.ts'
import { composed, partOptions, problemLines, reasonIn, sourceIn, trialLines } from './cli-common.ts'
import { beside, peopleIn } from './cli-people.ts'
import type { Forgotten } from './publish/forgotten.ts'

export const policyCommands: readonly Command[] = [
  {
    noun: 'policy',
    verb: 'validate',
    usage: '<file.cedar>',
    summary:
      'Reads policies with Cedar’s own parser, checks them against the schema, and runs the tests that are named.',
    options: partOptions,
    assemble: false,
    async run(input) {
      const file = fileIn(input, 'Say which file: althing policy validate <file.cedar>')
      const { checked, trials } = await composed(input).judge(sourceIn(input, textIn(file)))
      const files = { policies: file, ...named(input) }
      const isRight = checked.problems.length === 0 && trials.every(({ passed }) => passed)
      if (checked.warnings.length > 0) input.out.note(`Warnings:\n${problemLines(checked.warnings, files)}`)
      const { problems, warnings } = checked
      input.out.result(
        { isRight, problems, warnings, trials },
        problems.length > 0 ? problemLines(problems, files) : trialLines(trials),
      )
      return isRight ? 0 : 2
    },
  },
  {
    noun: 'policy',
    verb: 'test',
    usage: '<tests.yaml>',
    summary:
      'Decides the cases of a file with the policies in force, or with those of another file beside Althing’s own.',
    options: { policies: { type: 'string' }, schema: { type: 'string' }, links: { type: 'string' } },
    assemble: false,
    async run(input) {
      const file = fileIn(input, 'Say which file: althing policy test <tests.yaml>')
      const tests = textIn(file)
      const { judge, history } = composed(input)
      const { values } = input
      const source =
        values['policies'] === undefined
          ? await history.read((await history.state()).revision)
          : sourceIn(input, textIn(String(values['policies'])))
      const { policies, schema, links } = source
      const { checked, trials } = await judge({ policies, schema, links, tests })
      const own = trials.filter((one) => one.file === 'tests').map((one) => ({ ...one, file }))
      if (checked.problems.length > 0) {
        input.out.result(
          { problems: checked.problems },
          problemLines(checked.problems, { ...named(input), tests: file }),
        )
        return 2
      }
      input.out.result({ trials: own }, trialLines(own))
      return own.every(({ passed }) => passed) ? 0 : 2
    },
  },
  {
    noun: 'policy',
    verb: 'activate',
    usage: '<draft or file.cedar>',
    summary:
      'Brings a draft into force that somebody else proposed. With --alone also what nobody else has read: the audit log says so. A file takes the place of all that is there; --instead means it.',
    options: {
      ...partOptions,
      alone: { type: 'boolean' },
      instead: { type: 'boolean' },
      reason: { type: 'string' },
    },
    assemble: false,
    run: activate,
  },
]

async function activate(input: CommandInput): Promise<void> {
  const [what] = input.positionals
  if (what === undefined) throw new UsageError('Say what: the id or the title of a draft, or a file.')
  const { activation, drafts } = composed(input)
  const isAlone = input.values['alone'] === true
  const bringing = {
    by: input.actor,
    alone: isAlone,
    // Whoever does it by themselves says why.
    reason: isAlone || input.values['reason'] !== undefined ? reasonIn(input) : undefined,
  }
  if (statSync(what, { throwIfNoEntry: false })?.isFile() === true || what.endsWith('.cedar')) {
    const source = sourceIn(input, textIn(what))
    if (!isAlone)
      throw new UsageError(
        'Nobody else has read a file. Put it into a draft and have it proposed, or say --alone and --reason "…": the audit log will say so.',
      )
    const forgets = input.values['instead'] === true ? () => {} : refuseToForget
    const done = await activation.activateAlone(source, basename(what), { ...bringing, forgets })
    return input.out.result(done, `In force as version ${done.revision}, by one hand.`)
  }
  const { drafts: open } = await drafts.list('open')
  const found = open.filter(({ id, title }) => id === what || title.toLowerCase() === what.toLowerCase())
  const [draft, another] = found
  if (draft === undefined)
    throw new NothingFound(
      noSuch(
        'open draft',
        what,
        open.map(({ title, id }) => (isUnique(title, open) ? title : id)),
      ),
    )
  if (another !== undefined)
    throw new UsageError(`Several drafts are called so: say one of ${found.map(({ id }) => id).join(', ')}.`)
  const { authors } = await drafts.read(draft.id)
  const written = authors.map(({ actor }) => actor)
  // First, what may fail: a command that has brought something into force says so.
  const people = await peopleIn(input, written)
  const done = await activation.activate(draft.id, draft.version, bringing)
  const by = authors.map(
    ({ actor, isAdministrator }) =>
      `${beside(people, actor)}${isAdministrator === false ? ' (no administrator now)' : ''}`,
  )
  input.out.result(
    done,
    `“${draft.title}” is in force as version ${done.revision}. Written by ${by.join(', ')}.`,
  )
}

/** @throws UsageError */
function refuseToForget({ policies, parts }: Forgotten): void {
  if (policies.length + parts.length === 0) return
  const more = policies.length > mostNamed ? ` and ${policies.length - mostNamed} more` : ''
  const missing = parts.map((part) => `the ${part} (--${part} <file>)`)
  throw new UsageError(
    [
      'This file takes the place of all that the organisation says.',
      ...(policies.length === 0
        ? []
        : [`Not in it any more: ${policies.slice(0, mostNamed).join(', ')}${more}.`]),
      ...(missing.length === 0 ? [] : [`Not given with it: ${missing.join(', ')}.`]),
      'Say --instead to mean that.',
    ].join(' '),
  )
}

/** As many names as somebody reads. */
const mostNamed = 20

const isUnique = (title: string, drafts: readonly { readonly title: string }[]) =>
  drafts.filter((one) => one.title === title).length === 1

/** @throws UsageError */
function fileIn({ positionals }: CommandInput, usage: string): string {
  const [file] = positionals
  if (file === undefined) throw new UsageError(usage)
  return file
}

function named({ values }: CommandInput) {
  const names = ['policies', 'schema', 'links', 'tests'] as const
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, String(values[name])]])),
  )
}
