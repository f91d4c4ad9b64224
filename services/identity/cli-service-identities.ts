/** Programs that come in their own name. A key is shown once and never taken from a command line, where others read it. */
import { table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { noSuch } from '@althing/kernel/service/near.ts'
import { isFault } from '@althing/kernel/errors'
import { composed, confirm, limitOf } from './cli-common.ts'
import { serviceKeyCommands } from './cli-service-keys.ts'
import type { ShownIdentity } from './service-identities/rules.ts'
import { IdentityKind, WishedIdentity } from './service-identities/schema.ts'

const rulesOf = (input: CommandInput) => composed(input).serviceIdentities

export const serviceIdentityCommands: readonly Command[] = [
  {
    noun: 'service-identities',
    verb: 'list',
    summary: 'Shows the programs that come in their own name, whose each is, and what it is for.',
    options: { search: { type: 'string' }, limit: { type: 'string' } },
    assemble: false,
    async run(input) {
      const found = await rulesOf(input).list(String(input.values['search'] ?? ''), '', limitOf(input))
      const owners = await ownersOf(input, found)
      const identities = found.map((one) => ({
        id: one.id,
        name: one.name,
        kind: one.kind,
        state: stateOf(one),
        owner: ownerOf(one, owners),
        purpose: one.purpose,
        keys: one.keys.filter(({ state }) => state === 'live').length,
      }))
      input.out.result({ identities }, table(identities))
    },
  },
  {
    noun: 'service-identities',
    verb: 'show',
    usage: '<id>',
    summary: 'Shows one of them, and its keys without what they are.',
    assemble: false,
    async run(input) {
      const one = await rulesOf(input).show(idOf(input))
      const owners = await ownersOf(input, [one])
      const keys = one.keys.map((key) => ({
        key: key.id,
        state: key.rotatedAt !== null && key.state === 'live' ? 'rotated' : key.state,
        may: [
          ...key.scopes,
          ...Object.entries(key.resources).map(([uri, words]) => `${uri} (${words})`),
        ].join(' '),
        from: key.networks?.join(' ') ?? 'everywhere',
        hours: key.hours === null ? 'all' : `${key.hours.join('–')} UTC`,
        ends: key.endsAt.toISOString(),
        last_used: key.usedAt?.toISOString() ?? 'never',
      }))
      const { stamp: _stamp, ...told } = one
      input.out.result(
        told,
        [
          `${one.name} (${one.kind}, ${stateOf(one)}), of ${ownerOf(one, owners)}: ${one.purpose}`,
          ...(keys.length > 0 ? [table(keys)] : []),
        ].join('\n\n'),
      )
    },
  },
  {
    noun: 'service-identities',
    verb: 'create',
    usage: '<kind> <name>',
    summary: `Makes one: ${IdentityKind.options.join(', ')}. --purpose says what it is for; --owner is an account, without it the organisation’s. It opens nothing until it has a key.`,
    options: { purpose: { type: 'string' }, owner: { type: 'string' } },
    assemble: false,
    async run(input) {
      const [kind, name] = input.positionals
      const { purpose, owner } = input.values
      if (kind !== undefined && !IdentityKind.safeParse(kind).success)
        throw new UsageError(noSuch('kind', kind, IdentityKind.options))
      const wished = WishedIdentity.safeParse({ kind, name, purpose, owner: owner ?? null })
      if (!wished.success)
        throw new UsageError(
          `Say its kind (${IdentityKind.options.join(', ')}), its name, and with --purpose in 8 to 200 characters what it is for.`,
        )
      const { id } = await rulesOf(input)
        .create(wished.data, input.actor)
        .catch((error: unknown) => {
          if (!isFault(error, 'identity.service-identities.no_owner')) throw error
          throw new UsageError('--owner is the id or address of an open account.')
        })
      input.out.result(
        { id },
        `${id} is there. Give it a key: althing service-identities key-add ${id} <scopes>`,
      )
    },
  },
  ...(['disable', 'enable'] as const).map((verb): Command => ({
    noun: 'service-identities',
    verb,
    usage: '<id>',
    summary:
      verb === 'disable'
        ? 'Shuts it out from its next request on, with what it was given before.'
        : 'Lets it in again.',
    assemble: false,
    async run(input) {
      const { id } = await rulesOf(input).setDisabled(idOf(input), verb === 'disable', input.actor)
      input.out.result({ id, disabled: verb === 'disable' }, `${id} is ${verb}d.`)
    },
  })),
  {
    noun: 'service-identities',
    verb: 'delete',
    usage: '<id>',
    summary: 'Ends it for ever, with its keys.',
    options: { yes: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const { id, name } = await rulesOf(input).show(idOf(input))
      await confirm(input, { what: `${name} (${id}) ends for ever, and its keys open nothing.`, word: name })
      await rulesOf(input).remove(id, input.actor)
      input.out.result({ id }, `${id} is gone.`)
    },
  },
  ...serviceKeyCommands,
]

function idOf({ positionals: [id] }: CommandInput): string {
  if (id === undefined)
    throw new UsageError('Say which: its id, as `althing service-identities list` has it.')
  return id
}

const stateOf = ({ disabledAt }: ShownIdentity) => (disabledAt === null ? 'enabled' : 'disabled')

const ownerOf = ({ ownerKind, owner }: ShownIdentity, names: ReadonlyMap<string, string>): string => {
  if (ownerKind === 'organisation') return 'the organisation'
  return owner === null ? 'nobody any more' : (names.get(owner) ?? owner)
}

/** What those people are called. */
async function ownersOf(input: CommandInput, found: readonly ShownIdentity[]) {
  const { accounts } = composed(input).stores
  const ids = [...new Set(found.flatMap(({ owner }) => owner ?? []))]
  return new Map(
    await Promise.all(ids.map(async (id) => [id, (await accounts.byId(id))?.name ?? id] as const)),
  )
}
