/** What is, was and may come into force. */
import { table, UsageError, type Command } from '@althing/kernel/service'
import { composed, reasonIn, revisionIn } from './cli-common.ts'
import { beside, peopleIn } from './cli-people.ts'
import type { Difference } from './publish/schema.ts'

export const versionCommands: readonly Command[] = [
  {
    noun: 'policy',
    verb: 'versions',
    summary: 'Shows every version of the policies, the latest first: who wanted it, when and why.',
    assemble: false,
    async run(input) {
      const { history } = composed(input)
      const { versions } = await history.list(undefined, 200)
      const { misfit, revision: latest } = await history.state()
      if (misfit !== null)
        input.out.note(
          `The organisation’s policies do not fit this release:\n${misfit.map((one) => `  ${one}`).join('\n')}`,
        )
      const people = await peopleIn(
        input,
        versions.flatMap(({ publishedBy, proposedBy }) => [publishedBy, proposedBy]),
      )
      const rows = versions.map(
        ({ revision, kind, publishedAt, publishedBy, proposedBy, isAlone, restores, title, reason }) => ({
          version: revision,
          kind: restores === null ? kind : `${kind} to ${restores}`,
          at: publishedAt,
          by: beside(people, publishedBy),
          'proposed by': isAlone ? 'alone' : beside(people, proposedBy ?? ''),
          why: reason ?? title ?? '',
        }),
      )
      input.out.result({ versions, misfit, people }, table(rows))
      if (latest - (versions.at(-1)?.revision ?? 0) >= versions.length)
        input.out.note(`Numbers up to ${latest} that are missing are overrides that began or ended.`)
    },
  },
  {
    noun: 'policy',
    verb: 'drafts',
    summary: 'Shows the drafts that are open, who wrote them, and which are proposed.',
    assemble: false,
    async run(input) {
      const { drafts } = await composed(input).drafts.list('open')
      const people = await peopleIn(
        input,
        drafts.flatMap(({ changedBy, proposedBy }) => [changedBy, proposedBy]),
      )
      // How often a draft was saved is no number of a version, and would be taken for one.
      const rows = drafts.map(({ id, title, basedOn, changedBy, changedAt, proposedBy }) => ({
        id,
        title,
        'based on version': basedOn,
        'changed by': beside(people, changedBy),
        'changed at': changedAt,
        'proposed by': beside(people, proposedBy ?? ''),
      }))
      input.out.result({ drafts, people }, table(rows))
    },
  },
  {
    noun: 'policy',
    verb: 'diff',
    usage: '[version] [version]',
    summary:
      'Shows what is different in the second version from the first. Without a second it is the one in force; without any, the one in force and the one before it.',
    assemble: false,
    async run(input) {
      const { history } = composed(input)
      const { written: latest } = await history.state()
      const [first, second] = input.positionals
      const to = second === undefined ? latest : await revisionIn(input, second)
      const before = (await history.list(latest, 1)).versions[0]?.revision ?? 0
      const from = first === undefined ? before : await revisionIn(input, first)
      if (from < 1) throw new UsageError('There is only one version.')
      const difference = await history.difference(from, to)
      const { parts } = difference
      const called = (one: number) => `version ${one}${one === latest ? ' (in force)' : ''}`
      input.out.result(
        difference,
        parts.length === 0
          ? `Nothing in ${called(to)} is different from ${called(from)}.`
          : [`What is different in ${called(to)} from ${called(from)}:`, ...parts.map(inWords)].join('\n'),
      )
    },
  },
  {
    noun: 'policy',
    verb: 'rollback',
    usage: '<version>',
    summary:
      'Brings back what was in force then, as a new version, at once and everywhere; needs a --reason.',
    options: { reason: { type: 'string' } },
    assemble: false,
    async run(input) {
      const [written] = input.positionals
      if (written === undefined)
        throw new UsageError('Say which version: althing policy versions shows them.')
      const reason = reasonIn(input)
      const revision = await revisionIn(input, written)
      const done = await composed(input).activation.rollBack(revision, { by: input.actor, reason })
      input.out.result(
        done,
        `What was in force as version ${revision} is in force again, as version ${done.revision}.`,
      )
    },
  },
]

const marks = { same: ' ', gone: '-', new: '+' } as const

function inWords({ part, hunks }: Difference): string {
  const written = hunks.map(({ from, to, lines }) =>
    [`@@ -${from} +${to} @@`, ...lines.map(({ is, text }) => `${marks[is]}${text}`)].join('\n'),
  )
  return [`--- ${part}`, ...written].join('\n')
}
