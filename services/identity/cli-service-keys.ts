/** The keys of programs: made, rotated and revoked. */
import { plainly } from '@althing/kernel/errors/plainly.ts'
import { isFault } from '@althing/kernel/errors'
import { UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { composed } from './cli-common.ts'
import { kinds, ownScopes, WishedKey, type IdentityKind } from './service-identities/schema.ts'

const rulesOf = (input: CommandInput) => composed(input).serviceIdentities

export const serviceKeyCommands: readonly Command[] = [
  {
    noun: 'service-identities',
    verb: 'key-add',
    usage: '<id> [scopes …]',
    summary: `Makes a key for --days, shown once. Scopes at our own doors: ${ownScopes.join(', ')}. --server <uri> with --server-scope for another server; --networks with spaces between them; --hours 8-17 in UTC.`,
    options: {
      days: { type: 'string' },
      networks: { type: 'string' },
      hours: { type: 'string' },
      server: { type: 'string' },
      'server-scope': { type: 'string' },
    },
    assemble: false,
    async run(input) {
      const [id, ...scopes] = input.positionals
      if (id === undefined) throw new UsageError('Say for which: its id.')
      const { kind } = await rulesOf(input).show(id)
      const wished = WishedKey.safeParse({ ...wishedOf(input, scopes), days: daysIn(input, kind) })
      if (!wished.success)
        throw new UsageError(
          wrongOf(wished.error.issues.map((issue) => `${issue.path.join('/')}: ${wordsFor(issue)}`)),
        )
      const { key } = await refusing(rulesOf(input).addKey(id, wished.data, input.actor))
      input.out.result({ id, key }, `The key of ${id}, shown only now: ${key}`)
    },
  },
  {
    noun: 'service-identities',
    verb: 'key-rotate',
    usage: '<id> <key>',
    summary:
      'Makes the successor of a key, by its id, shown once. The old one opens until --until, within thirty days, or for one more.',
    options: { until: { type: 'string' } },
    assemble: false,
    async run(input) {
      const { id, key: old } = keyOf(input)
      const { until } = input.values
      const end = until === undefined ? undefined : new Date(String(until))
      if (end !== undefined && Number.isNaN(end.getTime()))
        throw new UsageError('--until is a day or a time, as 2027-01-31 or 2027-01-31T12:00:00Z.')
      const { key, identity } = await refusing(rulesOf(input).rotateKey(id, old, end, input.actor))
      const ends = identity.keys.find((one) => one.id === old)?.endsAt.toISOString() ?? null
      input.out.result(
        { id, key, old: { key: old, ends } },
        `The next key, shown only now: ${key}\nThe old one ends ${ends}.`,
      )
    },
  },
  {
    noun: 'service-identities',
    verb: 'key-revoke',
    usage: '<id> <key>',
    summary: 'Ends a key by its id at once, everywhere, with every token that was given for it.',
    assemble: false,
    async run(input) {
      const { id, key } = keyOf(input)
      await rulesOf(input).revokeKey(id, key, input.actor)
      input.out.result({ id, key }, `${key} opens nothing any more.`)
    },
  },
]

function keyOf({ positionals: [id, key] }: CommandInput) {
  if (id === undefined || key === undefined)
    throw new UsageError('Say whose, and which key: both ids, as `althing service-identities show` has them.')
  return { id, key }
}

function wishedOf({ values }: CommandInput, scopes: readonly string[]) {
  const { networks, hours, server, 'server-scope': words } = values
  return {
    scopes,
    ...(server === undefined ? {} : { resources: { [String(server)]: String(words ?? '') } }),
    ...(networks === undefined ? {} : { networks: String(networks).split(/\s+/) }),
    ...(hours === undefined ? {} : { hours: String(hours).split('-').map(Number) }),
  }
}

function daysIn({ values: { days } }: CommandInput, kind: IdentityKind): number {
  const most = kinds[kind].keyDays
  const said = Number(days)
  if (!Number.isInteger(said) || said < 1 || said > most)
    throw new UsageError(
      wrongOf([
        `days: ${days === undefined ? 'is missing; ' : ''}--days is a whole number from 1 to ${most} for a key of the kind ${kind}`,
      ]),
    )
  return said
}

/** What a schema has no good words for. */
function wordsFor(issue: Parameters<typeof plainly>[0]): string {
  const [field] = issue.path
  if (field === 'hours') return 'must be two hours of the day in UTC, as 8-17'
  return field === 'scopes' ? `must be of: ${ownScopes.join(', ')}` : plainly(issue)
}

const wrongOf = (lines: readonly string[]) => `This is not right.\n${lines.join('\n')}`

async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isFault(error, 'identity.service-identities.key_words')) throw error
    throw new UsageError(
      wrongOf(error.fields.map(({ pointer, message }) => `${pointer.slice(1)}: ${message}`)),
    )
  }
}
