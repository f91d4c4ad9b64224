/** Commands that change applications. A secret is shown once and never taken from a command line, where others read it. */
import { noSuch } from '@althing/kernel/service/near.ts'
import { UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { composed, confirm, objectIn } from './cli-common.ts'
import { ClientKind, ClientName, grantTypes, type ClientWords } from './clients/schema.ts'

const operationsOf = (input: CommandInput) => composed(input).clientOperations

/** The words that are said most often; all others come in a file. */
const words = {
  redirect: { type: 'string' },
  scope: { type: 'string' },
  policy: { type: 'string' },
  consent: { type: 'string' },
  grants: { type: 'string' },
  metadata: { type: 'string' },
} as const

export const clientChangeCommands: readonly Command[] = [
  {
    noun: 'clients',
    verb: 'create',
    usage: '<kind> <name>',
    summary:
      'Makes an application: web, native, spa, machine or device. Several redirects, scopes and grants stand with spaces between them. Grants go in place of those of its kind: code, refresh, credentials, device, exchange, assertion, backchannel (to ask somebody who is elsewhere, by poll unless the file says ping). Without --scope it may ask people for openid, profile and email, as in the console; a machine for nothing. Whatever else RFC 7591 has stands in the JSON file of --metadata. Its secret, if it has one, is shown once.',
    options: { id: { type: 'string' }, ...words },
    assemble: false,
    async run(input) {
      const [given, called] = input.positionals
      const [kind, name] = [ClientKind.safeParse(given), ClientName.safeParse(called)]
      if (!kind.success)
        throw new UsageError(
          given === undefined
            ? `Say its kind: ${ClientKind.options.join(', ')}.`
            : noSuch('kind', given, ClientKind.options),
        )
      if (!name.success) throw new UsageError('Say its name, as people read it: up to 100 characters.')
      const id = input.values['id']
      const made = await operationsOf(input).create(
        {
          kind: kind.data,
          name: name.data,
          metadata: { ...beginning(kind.data), ...wordsOf(input) } as ClientWords,
          ...(typeof id === 'string' ? { id } : {}),
        },
        input.actor,
      )
      input.out.result(
        { id: made.client.id, secret: made.secret },
        `${made.client.id} is registered.${shownOnce(made.secret)}`,
      )
    },
  },
  {
    noun: 'clients',
    verb: 'change',
    usage: '<id>',
    summary:
      'Changes what is named, and nothing else. In the file of --metadata null takes a word away. With --made-from, and the version that `clients show` said, it is refused when somebody was faster.',
    options: { name: { type: 'string' }, 'made-from': { type: 'string' }, ...words },
    assemble: false,
    async run(input) {
      const name = input.values['name']
      if (name !== undefined && !ClientName.safeParse(name).success)
        throw new UsageError('A name has up to 100 characters.')
      const metadata = wordsOf(input)
      const from = input.values['made-from']
      const changes = {
        metadata,
        ...(typeof name === 'string' ? { name } : {}),
        ...(typeof from === 'string' ? { madeFrom: from } : {}),
      }
      if (name === undefined && Object.keys(metadata).length === 0)
        throw new UsageError('Say what is to be another way.')
      const done = await operationsOf(input).change(idOf(input), changes, input.actor)
      input.out.result(
        { id: done.client.id, secret: done.secret },
        `${done.client.id} is changed.${shownOnce(done.secret)}`,
      )
    },
  },
  ...(['disable', 'enable'] as const).map((verb): Command => ({
    noun: 'clients',
    verb,
    usage: '<id>',
    summary:
      verb === 'disable'
        ? 'From the next request on it can do nothing. What people allowed it stays.'
        : 'Lets it be used again, with what people allowed it before.',
    assemble: false,
    async run(input) {
      const { id } = await operationsOf(input).setDisabled(idOf(input), verb === 'disable', input.actor)
      input.out.result({ id, state: `${verb}d` }, `${id} is ${verb}d.`)
    },
  })),
  {
    noun: 'clients',
    verb: 'delete',
    usage: '<id>',
    summary:
      'Ends it for ever, with its secrets, tokens, and what people allowed it. Asks first; --yes does not.',
    options: { yes: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const { id, name } = await operationsOf(input).show(idOf(input))
      await confirm(input, {
        what: `${name} (${id}) ends for ever: nobody signs in there any more, and what people allowed it is forgotten.`,
        word: id,
      })
      await operationsOf(input).remove(id, input.actor)
      input.out.result({ id }, `${id} is gone.`)
    },
  },
  {
    noun: 'clients',
    verb: 'secret-add',
    usage: '<id>',
    summary: 'Makes a second secret, shown once. Both open until one is retired.',
    assemble: false,
    async run(input) {
      const { client, secret } = await operationsOf(input).addSecret(idOf(input), input.actor)
      input.out.result({ id: client.id, secret }, `${client.id} has another secret.${shownOnce(secret)}`)
    },
  },
  {
    noun: 'clients',
    verb: 'secret-retire',
    usage: '<id> <secret>',
    summary:
      'Ends a secret by its id (cls_…), as `clients show` has it: now, or with --at on a day within a year.',
    options: { at: { type: 'string' } },
    assemble: false,
    async run(input) {
      const [, secret] = input.positionals
      if (secret === undefined)
        throw new UsageError('Say which secret: its id, as `althing clients show` has it.')
      const { at } = input.values
      const endsAt = at === undefined ? undefined : new Date(String(at))
      if (endsAt !== undefined && Number.isNaN(endsAt.getTime()))
        throw new UsageError('--at is a day or a time, as 2027-01-31 or 2027-01-31T12:00:00Z.')
      const client = await operationsOf(input).retireSecret(idOf(input), secret, endsAt, input.actor)
      const end = client.secrets.find(({ id }) => id === secret)?.endsAt?.toISOString() ?? null
      input.out.result(
        { id: client.id, secret, ends: end },
        end === null ? 'It opens nothing any more.' : `It ends ${end}.`,
      )
    },
  },
]

/** What the console has ticked when it begins. */
const beginning = (kind: ClientKind): ClientWords =>
  kind === 'machine' ? {} : { scope: 'openid profile email' }

const shownOnce = (secret: string | null): string =>
  secret === null ? '' : ` Its secret, shown only now: ${secret}`

function idOf({ positionals: [id] }: CommandInput): string {
  if (id === undefined) throw new UsageError('Say which application: its client id.')
  return id
}

function wordsOf({ values }: CommandInput): Record<string, unknown> {
  const { metadata, redirect, scope, policy, consent, grants } = values
  return {
    ...(typeof grants === 'string' ? granting(grants) : {}),
    ...(typeof metadata === 'string' ? objectIn(metadata) : {}),
    ...(typeof redirect === 'string'
      ? { redirect_uris: redirect.split(/\s+/).filter((uri) => uri !== '') }
      : {}),
    ...(typeof scope === 'string' ? { scope } : {}),
    ...(typeof policy === 'string' ? { policy } : {}),
    ...(typeof consent === 'string' ? { consent } : {}),
  }
}

/** By the names that the help has; a request to somebody elsewhere is fetched unless it is said that it is told. @throws UsageError */
function granting(text: string): ClientWords {
  const names = text.split(/[\s,]+/).filter((name) => name !== '')
  const types = names.map((name) => {
    const known = Object.entries(grantTypes).find(([short, type]) => name === short || name === type)
    if (known === undefined)
      throw new UsageError(`There is no grant “${name}”. There are: ${Object.keys(grantTypes).join(', ')}.`)
    return known[1]
  })
  return {
    grant_types: types,
    ...(types.includes(grantTypes.backchannel) ? { backchannel_token_delivery_mode: 'poll' as const } : {}),
  }
}
