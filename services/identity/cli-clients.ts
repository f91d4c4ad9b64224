/** The applications that may sign people in, and what each of them is held to. */
import { table, UsageError, type Command } from '@althing/kernel/service'
import { isFault } from '@althing/kernel/errors'
import { clientChangeCommands } from './cli-client-changes.ts'
import { clientFileCommands } from './cli-client-files.ts'
import { composed, limitOf, objectIn } from './cli-common.ts'
import { policies } from './clients/policies.ts'
import type { ClientWords } from './clients/schema.ts'

export const clientCommands: readonly Command[] = [
  {
    noun: 'clients',
    verb: 'list',
    summary:
      'Shows the applications that may sign people in, what each is held to, when it was last here, and what in it is weakened.',
    options: { search: { type: 'string' }, limit: { type: 'string' } },
    assemble: false,
    async run(input) {
      const search = String(input.values['search'] ?? '')
      const found = await composed(input).clientOperations.list({ search }, '', limitOf(input))
      const clients = found.map(({ id, name, kind, metadata, disabledAt, usedAt, secrets, weakened }) => ({
        id,
        name,
        kind,
        state: disabledAt === null ? 'enabled' : 'disabled',
        policy: metadata.policy,
        proves_by: metadata.token_endpoint_auth_method,
        secrets: secrets.map(({ notice }) => notice ?? 'fine').join(' ') || '-',
        last_used: usedAt?.toISOString() ?? 'never',
        weakened: weakened.join(' ') || '-',
      }))
      const weak = new Set(found.map(({ metadata }) => metadata.policy))
      const said = [...weak].flatMap((name) => policies[name].weakens.map((why) => `${name}: ${why}`))
      input.out.result({ clients }, [table(clients), ...said].join('\n'))
    },
  },
  {
    noun: 'clients',
    verb: 'show',
    usage: '<id>',
    summary: 'Shows one application: all that is registered about it, and its secrets without what they are.',
    assemble: false,
    async run(input) {
      const [id] = input.positionals
      if (id === undefined) throw new UsageError('Say which application: its client id.')
      const { metadata, secrets, ...client } = await composed(input).clientOperations.show(id)
      const words = Object.entries(metadata).map(([word, value]) => ({
        word,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      }))
      const lives = secrets.map(({ id: secret, madeAt, endsAt, usedAt, notice }) => ({
        secret,
        made: madeAt.toISOString(),
        ends: endsAt?.toISOString() ?? '-',
        last_used: usedAt?.toISOString() ?? 'never',
        notice: notice ?? '-',
      }))
      const state = client.disabledAt === null ? 'enabled' : 'disabled'
      input.out.result(
        { ...client, metadata, secrets },
        [
          `${client.name} (${client.kind}, ${state}), version ${client.version}`,
          table(words),
          ...(lives.length > 0 ? [table(lives)] : []),
        ].join('\n\n'),
      )
    },
  },
  ...clientChangeCommands,
  ...clientFileCommands,
  {
    noun: 'clients',
    verb: 'policies',
    summary: 'Shows the policies that an application can be held to: what each demands, and what it weakens.',
    assemble: false,
    async run(input) {
      const rows = Object.values(policies).map((policy) => ({
        policy: policy.name,
        proves_by: policy.authMethods.join(' '),
        algorithms: policy.algorithms.join(' '),
        demands: demandsOf(policy),
        weakens: policy.weakens.length,
      }))
      const weakens = Object.values(policies).flatMap(({ name, weakens: all }) =>
        all.map((one) => `${name}: ${one}`),
      )
      input.out.result({ policies: Object.values(policies) }, [table(rows), ...weakens].join('\n'))
    },
  },
  {
    noun: 'clients',
    verb: 'add',
    usage: '<id> <name> <metadata.json>',
    summary: 'Registers an application (RFC 7591 metadata in a file). Its secret is shown once.',
    assemble: false,
    async run(input) {
      const [id, name, file] = input.positionals
      if (id === undefined || name === undefined || file === undefined)
        throw new UsageError('Say its id, its name, and the file with its metadata.')
      const words = objectIn(file) as ClientWords
      const { clients, resources } = composed(input)
      const registered = await clients
        .register(id, name, words, input.actor, { servers: await resources.list() })
        .catch((error: unknown) => {
          if (!isFault(error, 'identity.clients.metadata')) throw error
          const wrong = error.fields.map(({ pointer, message }) => `${pointer.slice(1)}: ${message}`)
          throw new UsageError(`The metadata is not right.\n${wrong.join('\n')}`)
        })
      if (registered === null) throw new UsageError('There is a client of that id already.')
      input.out.result(
        { id, ...registered },
        `Registered. ${registered.secret === null ? 'It has no secret.' : `Its secret, shown only now: ${registered.secret}`}`,
      )
    },
  },
]

function demandsOf({ pkceMayBeMissing, pushed, bound, resourceNamed }: (typeof policies)['legacy']): string {
  const demands = [
    !pkceMayBeMissing && 'PKCE',
    pushed && 'pushed requests',
    bound && 'bound tokens',
    resourceNamed && 'a named resource',
  ]
  return demands.filter((one) => one !== false).join(', ')
}
