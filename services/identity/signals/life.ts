/** The life of a stream: paused or not, whether it works, and about whom it tells (SSF 1.0, sections 8.1.2 to 8.1.4). */
import type { Clock, Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { entryOf, verificationSeconds, type SignalParts } from './configuration.ts'
import { fault } from './faults.ts'
import type { Signals } from './rules.ts'
import type { NamesFor } from './set.ts'
import { streamUpdated, verification, type StreamStatus } from './schema.ts'
import type { StreamStore } from './store.ts'

interface Needs {
  readonly url: string
  readonly clock: Clock
  readonly ids: Ids
  readonly signals: Pick<Signals, 'streamOf' | 'receiverOf'>
  readonly streams: StreamStore
  readonly atomically: Atomically<SignalParts>
  /** Whether somebody uses an application. */
  readonly uses: (account: string, client: string) => Promise<boolean>
  readonly usersOf: (client: string) => Promise<readonly string[]>
  readonly namesFor: NamesFor
}

export function createStreamLife(needs: Needs) {
  const { url, clock, ids, signals, streams, atomically, uses, usersOf, namesFor } = needs
  const { streamOf, receiverOf } = signals

  /** The receiver hears of it in the stream as well, unless nothing is kept for it any more: SSF 1.0, section 8.1.5. */
  async function setStatus(
    client: string,
    { stream_id: id, status, reason = null }: StreamStatusAsked,
  ): Promise<StreamStatus> {
    const stream = await streamOf(client, id)
    await atomically(async ({ streams: own, deliveries: sent, record }) => {
      await own.setStatus(id, status, reason)
      if (status !== 'disabled' && status !== stream.status)
        await sent.add(about(id, streamUpdated, { status, ...(reason === null ? {} : { reason }) }))
      await record(entryOf('signals.stream-status', `client:${client}`, 'SignalStream', id, status))
    })
    return { stream_id: id, status, ...(reason === null ? {} : { reason }) }
  }

  async function status(client: string, id: string): Promise<StreamStatus> {
    const { status: now, reason } = await streamOf(client, id)
    return { stream_id: id, status: now, ...(reason === null ? {} : { reason }) }
  }

  async function verify(client: string, id: string, state: string | undefined): Promise<void> {
    await streamOf(client, id)
    const now = clock.now()
    await atomically(async ({ streams: own, deliveries: sent }) => {
      const before = new Date(now.getTime() - verificationSeconds * 1000)
      if (!(await own.mayVerify(id, before, now)))
        throw fault.too_soon(undefined, { retryAfterSeconds: verificationSeconds })
      await sent.add(about(id, verification, state === undefined ? {} : { state }))
    })
  }

  /** Whoever has not used the application is nobody to it, exactly as one who does not exist. */
  async function addSubject(
    client: string,
    id: string,
    { iss, sub }: { iss: string; sub: string },
  ): Promise<void> {
    const [stream, receiver] = [await streamOf(client, id), await receiverOf(client)]
    const account = await (await namesFor(client)).find(sub, () => usersOf(client))
    if (iss !== url || account === null || !(receiver.subjects === 'all' || (await uses(account, client))))
      throw fault.unknown_subject()
    await streams.addSubject(stream.id, account)
  }

  async function removeSubject(client: string, id: string, { sub }: { sub: string }): Promise<void> {
    const stream = await streamOf(client, id)
    const account = await (await namesFor(client)).find(sub, () => streams.subjectsOf(stream.id))
    if (account !== null) await streams.removeSubject(stream.id, account)
  }

  const about = (stream: string, type: string, details: Readonly<Record<string, unknown>>) => ({
    id: ids.create('sgd'),
    stream,
    account: null,
    type,
    details,
    at: clock.now(),
  })

  return { setStatus, status, verify, addSubject, removeSubject }
}
export type StreamLife = ReturnType<typeof createStreamLife>

type StreamStatusAsked = Pick<StreamStatus, 'stream_id' | 'status'> & {
  readonly reason?: string | null | undefined
}
