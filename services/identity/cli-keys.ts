/** Commands about the keys that sign tokens. */
import { isFault } from '@althing/kernel/errors'
import { NothingFound, table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { composed } from './cli-common.ts'
import { Algorithm, algorithms } from './keys/schema.ts'

export const keyCommands: readonly Command[] = [
  {
    noun: 'keys',
    verb: 'list',
    summary: 'Shows the keys that sign tokens, and which key service wraps each.',
    assemble: false,
    async run(input) {
      const keys = (await composed(input).keys.list()).map(({ kid, alg, state, wrappedBy, since }) => ({
        kid,
        alg,
        state,
        wrapped_by: state === 'revoked' ? '-' : (wrappedBy ?? 'service key, not yet rewrapped'),
        since: since.toISOString(),
      }))
      input.out.result({ keys }, table(keys))
    },
  },
  {
    noun: 'keys',
    verb: 'status',
    summary:
      'Shows for each algorithm which key signs, since when, and when the next one takes its place. Exit code 2 when one is missing.',
    assemble: false,
    async run(input) {
      const statuses = (await composed(input).keys.status()).map(
        ({ alg, active, ageSeconds, next, mayRotateAt, rotatesAt, isNextMissing }) => ({
          alg,
          active: active ?? '-',
          age_days: Math.floor(ageSeconds / 86_400),
          next: next ?? '-',
          may_rotate_at: mayRotateAt?.toISOString() ?? '-',
          rotates_at: rotatesAt?.toISOString() ?? '-',
          next_missing: isNextMissing,
        }),
      )
      input.out.result({ keys: statuses }, table(statuses))
      return statuses.some((one) => one.next_missing) ? 2 : 0
    },
  },
  {
    noun: 'keys',
    verb: 'rotate',
    usage: `<${algorithms.join(', ')}>`,
    summary:
      'Makes the next key the signing one. --now, for a key that leaked, does not wait until everybody can know the next one, and revokes the one before.',
    options: { now: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const alg = Algorithm.safeParse(input.positionals[0])
      if (!alg.success) throw new UsageError(`Say which: ${algorithms.join(', ')}.`)
      const before = await statusOf(input, alg.data)
      const kid = await composed(input)
        .keys.rotate(alg.data, input.actor, isNow(input))
        .catch((error: unknown) => tooYoung(input, alg.data, before?.next ?? null, error))
      input.out.result({ kid }, `${kid} signs from now on.`)
    },
  },
  {
    noun: 'keys',
    verb: 'revoke',
    usage: '<kid>',
    summary:
      'Takes a key off the list, at once and for good. The one that signs only with --now: the next one takes its place then.',
    options: { now: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const [kid] = input.positionals
      if (kid === undefined) throw new UsageError('Say which key: its kid, as `keys list` shows it.')
      const signs = await composed(input).keys.revoke(kid, input.actor, isNow(input))
      input.out.result(
        { revoked: kid, signs },
        signs === null ? `${kid} is revoked.` : `${kid} is revoked, and ${signs} signs from now on.`,
      )
    },
  },
  {
    noun: 'keys',
    verb: 'rewrap',
    summary:
      'Wraps every key anew by the first key service of ALTHING_IDENTITY_KEY_SERVICES. The one before must still stand behind it there.',
    assemble: false,
    async run(input) {
      const rewrapped = await composed(input).keys.rewrap(input.actor)
      input.out.result({ rewrapped }, `${rewrapped} keys are wrapped anew.`)
    },
  },
]

const statusOf = async (input: CommandInput, alg: Algorithm) =>
  (await composed(input).keys.status()).find((one) => one.alg === alg)

/** Whoever asked for the first time has the next key made by asking: they are told so, and when it may sign. */
async function tooYoung(
  input: CommandInput,
  alg: Algorithm,
  before: string | null,
  error: unknown,
): Promise<never> {
  if (!isFault(error, 'identity.keys.no_next')) throw error
  const now = await statusOf(input, alg)
  const made =
    before === null
      ? `The next key, ${now?.next}, was made just now and is published from now on.`
      : `The next key, ${now?.next}, has not been published for long enough.`
  throw new NothingFound(
    `${made} It may sign from ${now?.mayRotateAt?.toISOString() ?? 'two hours after that'}: rotate again then. When a key leaked and cannot wait: althing keys rotate ${alg} --now`,
  )
}

const isNow = ({ values }: CommandInput): boolean => values['now'] === true
