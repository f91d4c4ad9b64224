/**
 * An application that an operator has allowed is told what happens to the sessions, accounts and credentials of people who use it. It says
 * itself where and of which kinds (SSF 1.0, section 8), and about whom, unless it is one that hears of everybody. It hears of nobody who has
 * not used it, and is told no address that it was not given.
 */
import type { Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { configurationOf, entryOf, fresh, mostStreams, wishesOf, type SignalParts } from './configuration.ts'
import { fault } from './faults.ts'
import {
  pollMethod,
  type AskedDelivery,
  type CreateStream,
  type Receiver,
  type Stream,
  type StreamConfiguration,
  type UpdateStream,
} from './schema.ts'
import type { StreamSecrets } from './sealed.ts'
import type { StreamStore } from './store.ts'

interface Needs {
  readonly url: string
  readonly ids: Ids
  readonly secrets: StreamSecrets
  readonly streams: StreamStore
  readonly atomically: Atomically<SignalParts>
  /** @throws Fault kernel.egress.address */
  readonly checkAddress: (url: string) => void
}

export function createSignals({ url, ids, secrets, streams, atomically, checkAddress }: Needs) {
  async function create(client: string, asked: CreateStream): Promise<StreamConfiguration> {
    await receiverOf(client)
    const id = ids.create('sgs')
    const stream = { id, client, ...fresh, ...wayOf(id, asked.delivery), ...wishesOf(asked) }
    await keep(stream, `client:${client}`)
    return configurationOf(url, stream)
  }

  async function keep(stream: Stream, actor: string): Promise<void> {
    await atomically(async ({ streams: own, record }) => {
      if (!(await own.add(stream, mostStreams))) throw fault.too_many()
      await record(entryOf('signals.stream-made', actor, 'SignalStream', stream.id))
    })
  }

  /** PATCH leaves what is not named, PUT does not (SSF 1.0, sections 8.1.1.3 and 8.1.1.4). */
  async function update(client: string, asked: UpdateStream, isWhole: boolean): Promise<StreamConfiguration> {
    return atomically(async ({ streams: own, record }) => {
      const before = await streamOf(client, asked.stream_id)
      const kept = isWhole ? { ...before, ...fresh, status: before.status, reason: before.reason } : before
      const way = asked.delivery === undefined ? {} : wayOf(before.id, asked.delivery)
      const stream: Stream = {
        ...kept,
        ...way,
        ...(isWhole || asked.events_requested !== undefined || asked.description !== undefined
          ? wishesOf(asked, kept)
          : {}),
      }
      await own.update(stream)
      await record(entryOf('signals.stream-changed', `client:${client}`, 'SignalStream', stream.id))
      return configurationOf(url, stream)
    })
  }

  async function remove(client: string, id: string): Promise<void> {
    await receiverOf(client)
    await atomically(async ({ streams: own, record }) => {
      if (!(await own.remove(id, client))) throw fault.not_found()
      await record(entryOf('signals.stream-removed', `client:${client}`, 'SignalStream', id))
    })
  }

  async function receiverOf(client: string): Promise<Receiver> {
    const receiver = await streams.receiver(client)
    if (receiver === null) throw fault.not_allowed()
    return receiver
  }

  /** Another's stream is none. */
  async function streamOf(client: string, id: string): Promise<Stream> {
    await receiverOf(client)
    const stream = await streams.byId(id)
    if (stream === null || stream.client !== client) throw fault.not_found()
    return stream
  }

  function wayOf(id: string, asked: AskedDelivery): Pick<Stream, 'method' | 'endpoint' | 'sealed'> {
    if (asked.method === pollMethod) return { method: 'poll', endpoint: null, sealed: null }
    checkAddress(asked.endpoint_url)
    const { authorization_header: shown } = asked
    return {
      method: 'push',
      endpoint: asked.endpoint_url,
      sealed: shown === undefined ? null : secrets.seal(id, shown),
    }
  }

  return {
    create,
    update,
    remove,
    configuration: async (client: string, id: string) => configurationOf(url, await streamOf(client, id)),
    async configurations(client: string) {
      await receiverOf(client)
      return (await streams.list(client)).map((stream) => configurationOf(url, stream))
    },
    receiverOf,
    streamOf,
  }
}
export type Signals = ReturnType<typeof createSignals>
