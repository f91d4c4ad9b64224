/** What an operator decides: who may be told at all, whom a webhook tells, and what is sent again. */
import type { Clock, Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { entryOf, fresh, mostStreams, type SignalParts } from './configuration.ts'
import { fault } from './faults.ts'
import type { DeliveryFilter, Receiver } from './schema.ts'
import type { StreamSecrets } from './sealed.ts'
import type { DeliveryStore, StreamStore } from './store.ts'

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  readonly secrets: StreamSecrets
  readonly streams: StreamStore
  readonly deliveries: DeliveryStore
  readonly atomically: Atomically<SignalParts>
  readonly isClient: (id: string) => Promise<boolean>
  /** @throws Fault kernel.egress.address */
  readonly checkAddress: (url: string) => void
}

const dayMs = 86_400_000
/** For an operator who wants to see what was told. */
const keptDays = 30
/** What a receiver neither fetches nor lets come. */
const waitsDays = 7

export function createSignalOperations(needs: Needs) {
  const { clock, ids, secrets, streams, deliveries, atomically, isClient, checkAddress } = needs

  async function allow(receiver: Receiver, actor: string): Promise<void> {
    if (!(await isClient(receiver.client))) throw fault.unknown_client()
    await atomically(async ({ streams: own, record }) => {
      await own.allow(receiver)
      await record(entryOf('signals.allowed', actor, 'Client', receiver.client, receiver.subjects))
    })
  }

  async function forbid(client: string, actor: string): Promise<void> {
    await atomically(async ({ streams: own, record }) => {
      if (!(await own.forbid(client))) throw fault.not_allowed()
      await record(entryOf('signals.forbidden', actor, 'Client', client))
    })
  }

  /** The secret is answered once and never again. */
  async function addWebhook(
    client: string,
    endpoint: string,
    actor: string,
  ): Promise<{ id: string; secret: string }> {
    checkAddress(endpoint)
    if ((await streams.receiver(client)) === null) throw fault.not_allowed()
    const [id, secret] = [ids.create('sgs'), secrets.newSecret()]
    const stream = {
      id,
      client,
      ...fresh,
      method: 'webhook',
      endpoint,
      sealed: secrets.seal(id, secret),
    } as const
    await atomically(async ({ streams: own, record }) => {
      if (!(await own.add(stream, mostStreams))) throw fault.too_many()
      await record(entryOf('signals.stream-made', actor, 'SignalStream', id))
    })
    return { id, secret }
  }

  /** Two are live: a receiver that knows either accepts what comes, until the next rotation takes the older one away. */
  async function rotateSecret(id: string, actor: string): Promise<string> {
    const secret = secrets.newSecret()
    await atomically(async ({ streams: own, record }) => {
      const stream = await own.byId(id)
      if (stream === null) throw fault.not_found()
      if (stream.method !== 'webhook') throw fault.not_webhook()
      const [newest = ''] = secrets.secretsOf(stream)
      await own.update({ ...stream, sealed: secrets.seal(id, `${secret} ${newest}`) })
      await record(entryOf('signals.secret-rotated', actor, 'SignalStream', id))
    })
    return secret
  }

  async function replay(id: string, actor: string): Promise<void> {
    await atomically(async ({ deliveries: sent, record }) => {
      const done = await sent.replay(id, clock.now())
      if (done === null) throw fault.no_delivery()
      if (done === 'waiting') throw fault.waiting()
      await record(entryOf('signals.replayed', actor, 'SignalDelivery', id))
    })
  }

  const replayDead = (stream: string | null, actor: string): Promise<number> =>
    atomically(async ({ deliveries: sent, record }) => {
      const count = await sent.replayDead(stream, clock.now())
      if (count > 0)
        await record(
          entryOf('signals.replayed-dead', actor, 'SignalStream', stream ?? 'all', `${count} deliveries`),
        )
      return count
    })

  async function sweep(): Promise<void> {
    const now = clock.now()
    await deliveries.giveUp(new Date(now.getTime() - waitsDays * dayMs), now)
    await deliveries.sweep(new Date(now.getTime() - keptDays * dayMs))
  }

  return {
    allow,
    forbid,
    receivers: () => streams.receivers(),
    allStreams: () => streams.list(),
    addWebhook,
    rotateSecret,
    replay,
    replayDead,
    list: (filter: DeliveryFilter, before: string, most: number) => deliveries.list(filter, before, most),
    sweep,
  }
}
export type SignalOperations = ReturnType<typeof createSignalOperations>
