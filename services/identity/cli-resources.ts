/** The servers that tokens can be for. */
import { isFault } from '@althing/kernel/errors'
import { table, UsageError, type Command } from '@althing/kernel/service'
import { composed, objectIn } from './cli-common.ts'
import type { ResourceWords } from './resources/schema.ts'

export const resourceCommands: readonly Command[] = [
  {
    noun: 'resources',
    verb: 'list',
    summary: 'Shows the servers that tokens can be for, beside our own doors (RFC 8707).',
    assemble: false,
    async run(input) {
      const resources = await composed(input).resources.list()
      const rows = resources.map(({ uri, name, scopes, details, introspector, open }) => ({
        uri,
        name,
        scopes: scopes.join(' '),
        details: details.map(({ type }) => type).join(' '),
        introspector: introspector ?? '',
        strangers: open ? 'yes' : 'no',
      }))
      input.out.result({ resources }, table(rows))
    },
  },
  {
    noun: 'resources',
    verb: 'add',
    usage: '<resource.json>',
    summary:
      'Makes a server known: its address, name, scopes, and what can be asked for in detail (RFC 9396).',
    assemble: false,
    async run(input) {
      const [file] = input.positionals
      if (file === undefined) throw new UsageError('Say the file that describes it.')
      const words = objectIn(file) as unknown as ResourceWords
      const added = await composed(input)
        .resources.add(words, input.actor)
        .catch((error: unknown) => {
          if (!isFault(error, 'identity.resources.words')) throw error
          const wrong = error.fields.map(({ pointer, message }) => `${pointer.slice(1)}: ${message}`)
          throw new UsageError(`This is not right.\n${wrong.join('\n')}`)
        })
      if (!added) throw new UsageError('There is one of that address already.')
      input.out.result({ uri: words.uri }, `Tokens can be for ${words.uri} from now on.`)
    },
  },
  {
    noun: 'resources',
    verb: 'remove',
    usage: '<uri>',
    summary: 'Makes a server unknown: no more tokens for it. Those that it has last until their end.',
    assemble: false,
    async run(input) {
      const [uri] = input.positionals
      if (uri === undefined) throw new UsageError('Say its address.')
      if (!(await composed(input).resources.remove(uri, input.actor)))
        throw new UsageError('There is none of that address. Look at the list.')
      input.out.result({ uri }, `No more tokens for ${uri}.`)
    },
  },
]
