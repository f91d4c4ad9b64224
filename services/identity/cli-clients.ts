/** The applications that may sign people in, and what each of them is held to. */
import { readFileSync } from 'node:fs'
import { table, UsageError, type Command } from '@althing/kernel/service'
import { isFault } from '@althing/kernel/errors'
import { composed } from './cli-common.ts'
import { policies } from './clients/policies.ts'
import type { ClientWords } from './clients/schema.ts'

export const clientCommands: readonly Command[] = [
  {
    noun: 'clients',
    verb: 'list',
    summary:
      'Shows the applications that may sign people in, the policy of each, and what in it is weakened.',
    assemble: false,
    async run(input) {
      const clients = (await composed(input).clients.list()).map(({ id, name, metadata }) => ({
        id,
        name,
        policy: metadata.policy,
        proves_by: metadata.token_endpoint_auth_method,
        redirect_uris: metadata.redirect_uris.join(' '),
        weakened: policies[metadata.policy].weakens.length,
      }))
      const weak = new Set(clients.filter(({ weakened }) => weakened > 0).map(({ policy }) => policy))
      const said = [...weak].flatMap((name) => [`Weakened by the policy ${name}:`, ...policies[name].weakens])
      input.out.result({ clients }, [table(clients), ...said].join('\n'))
    },
  },
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
      const words = JSON.parse(readFileSync(file, 'utf8')) as ClientWords
      const registered = await composed(input)
        .clients.register(id, name, words, input.actor)
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
