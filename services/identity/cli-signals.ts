/** Commands about what applications are told of people's sessions, accounts and credentials. */
import { isFault } from '@althing/kernel/errors'
import { NothingFound, table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { composed, limitOf } from './cli-common.ts'
import { SignalDelivery, StreamId } from './signals/schema.ts'

const signalsOf = (input: CommandInput) => composed(input).signalOperations

export const signalCommands: readonly Command[] = [
  {
    noun: 'signals',
    verb: 'streams',
    summary: 'Shows which applications may be told of signals, and the streams in which they are.',
    assemble: false,
    async run(input) {
      const [receivers, streams] = [await signalsOf(input).receivers(), await signalsOf(input).allStreams()]
      const shown = streams.map(({ id, client, method, endpoint, status, events }) => ({
        stream: id,
        client,
        about: receivers.find((one) => one.client === client)?.subjects ?? '-',
        method,
        endpoint: endpoint ?? '-',
        status,
        events: events.map((type) => type.split('/').at(-1)).join(' '),
      }))
      const may =
        receivers.length === 0
          ? 'No application may be told. To let one: althing signals allow <client>'
          : `Who may be told:\n${table(receivers)}`
      const told =
        shown.length === 0
          ? 'There is no stream. An application that may be told makes one itself, or: althing signals webhook <client> <url>'
          : `Streams:\n${table(shown)}`
      input.out.result({ receivers, streams: shown }, `${may}\n\n${told}`)
    },
  },
  {
    noun: 'signals',
    verb: 'allow',
    usage: '<client>',
    summary:
      'Lets an application be told of signals about people who use it and whom it names; --all: about everybody.',
    options: { all: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const client = wordOf(input, 'Say which application: its client id.')
      const subjects = input.values['all'] === true ? 'all' : 'added'
      await signalsOf(input).allow({ client, subjects }, input.actor)
      input.out.result({ client, subjects }, `${client} may be told of signals.`)
    },
  },
  {
    noun: 'signals',
    verb: 'forbid',
    usage: '<client>',
    summary: 'Ends that, with all streams of the application and what was still to be told.',
    assemble: false,
    async run(input) {
      const client = wordOf(input, 'Say which application: its client id.')
      await signalsOf(input).forbid(client, input.actor)
      input.out.result({ client }, `${client} is told nothing any more.`)
    },
  },
  {
    noun: 'signals',
    verb: 'webhook',
    usage: '<client> <url>',
    summary: 'Has an application told by a signed webhook (Standard Webhooks). Its secret is shown once.',
    assemble: false,
    async run(input) {
      const [client, url] = input.positionals
      if (client === undefined || url === undefined)
        throw new UsageError('Say which application, and the address of its webhook.')
      const made = await signalsOf(input)
        .addWebhook(client, url, input.actor)
        .catch((error: unknown) => notYet(input, client, error))
      input.out.result(made, `Stream ${made.id}. Its secret, shown only now: ${made.secret}`)
    },
  },
  {
    noun: 'signals',
    verb: 'rotate-secret',
    usage: '<stream>',
    summary: 'Makes a new secret for a webhook, shown once. The one before stays good until the next time.',
    assemble: false,
    async run(input) {
      const id = streamIn(wordOf(input, 'Say which stream: its id, as `signals streams` shows it.'))
      const secret = await signalsOf(input).rotateSecret(id, input.actor)
      input.out.result({ id, secret }, `Its secret, shown only now: ${secret}`)
    },
  },
  {
    noun: 'signals',
    verb: 'list',
    summary: 'Shows what applications were told, or are to be, the latest first.',
    options: { limit: { type: 'string' }, state: { type: 'string' }, stream: { type: 'string' } },
    assemble: false,
    async run(input) {
      const state = SignalDelivery.shape.state.optional().safeParse(input.values['state'])
      if (!state.success) throw new UsageError('--state is waiting, delivered or dead.')
      const filter = { state: state.data, stream: streamOption(input) }
      const deliveries = (await signalsOf(input).list(filter, '', limitOf(input))).map(
        ({ id, client, type, account, at, state: now, attempts, reason }) => ({
          id,
          client,
          type: type.split('/').at(-1) ?? type,
          account: account ?? '-',
          at: at.toISOString(),
          state: now,
          attempts,
          reason: reason ?? '',
        }),
      )
      input.out.result({ deliveries }, table(deliveries))
    },
  },
  {
    noun: 'signals',
    verb: 'replay',
    usage: '[delivery]',
    summary:
      'Tells one thing once more; with --dead everything that was given up, --stream of one stream only.',
    options: { dead: { type: 'boolean' }, stream: { type: 'string' } },
    assemble: false,
    async run(input) {
      if (input.values['dead'] === true) {
        const replayed = await signalsOf(input).replayDead(streamOption(input) ?? null, input.actor)
        return input.out.result({ replayed }, `${replayed} are sent again.`)
      }
      const id = wordOf(
        input,
        'Say which: its id, as `signals list` shows it; or --dead for all that were given up.',
      )
      await signalsOf(input).replay(id, input.actor)
      return input.out.result({ replayed: 1, id }, `${id} is sent again.`)
    },
  },
]

/** What is to be done first, by the command that does it. */
async function notYet(input: CommandInput, client: string, error: unknown): Promise<never> {
  if (!isFault(error, 'identity.signals.not_allowed')) throw error
  const isKnown = (await composed(input).clients.nameOf(client)) !== undefined
  throw new NothingFound(
    isKnown
      ? `${client} may not be told of signals. Let it first: althing signals allow ${client}`
      : `There is no application ${client}. Which there are: althing clients list`,
  )
}

function wordOf({ positionals: [word] }: CommandInput, otherwise: string): string {
  if (word === undefined) throw new UsageError(otherwise)
  return word
}

function streamIn(text: string): string {
  const stream = StreamId.safeParse(text)
  if (!stream.success) throw new UsageError('A stream is called sgs_…, as `signals streams` shows it.')
  return stream.data
}

const streamOption = ({ values: { stream } }: CommandInput) =>
  typeof stream === 'string' ? streamIn(stream) : undefined
