/** A stream as SSF 1.0, section 8.1.1, writes it, and what the rules of streams have in common. */
import type { AuditEntry } from '@althing/kernel/audit'
import {
  pollMethod,
  pushMethod,
  signalTypes,
  SignalType,
  type CreateStream,
  type Stream,
  type StreamConfiguration,
} from './schema.ts'
import type { DeliveryStore, StreamStore } from './store.ts'

export interface SignalParts {
  readonly streams: StreamStore
  readonly deliveries: DeliveryStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

/** How many an application may have, and how often it may ask whether one works. */
export const mostStreams = 5
export const verificationSeconds = 60

export const fresh: Pick<Stream, 'events' | 'description' | 'status' | 'reason'> = {
  events: [...signalTypes],
  description: null,
  status: 'enabled',
  reason: null,
}

/** Kinds that we do not know are asked for in vain, and it is said by `events_delivered`. */
export function wishesOf(
  asked: Pick<CreateStream, 'events_requested' | 'description'>,
  before: Pick<Stream, 'events' | 'description'> = fresh,
) {
  const events =
    asked.events_requested?.flatMap((one) => SignalType.safeParse(one).data ?? []) ?? before.events
  return { events: [...new Set(events)], description: asked.description ?? before.description }
}

export function configurationOf(url: string, stream: Stream): StreamConfiguration {
  const { id, client, method, endpoint, events, description } = stream
  return {
    stream_id: id,
    iss: url,
    aud: client,
    events_supported: [...signalTypes],
    events_requested: [...events],
    events_delivered: [...events],
    delivery:
      method === 'poll'
        ? { method: pollMethod, endpoint_url: `${url}/ssf/poll/${id}` }
        : { method: method === 'push' ? pushMethod : 'webhook', endpoint_url: endpoint ?? '' },
    min_verification_interval: verificationSeconds,
    ...(description === null ? {} : { description }),
  }
}

export const entryOf = (
  action: string,
  actor: string,
  type: string,
  id: string,
  reason?: string,
): AuditEntry => ({
  action,
  actor,
  target: { type, id },
  outcome: 'done',
  ...(reason === undefined ? {} : { reason }),
})
