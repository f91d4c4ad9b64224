import { z } from 'zod'

const caep = 'https://schemas.openid.net/secevent/caep/event-type'
const risc = 'https://schemas.openid.net/secevent/risc/event-type'
const ssf = 'https://schemas.openid.net/secevent/ssf/event-type'

/** CAEP 1.0, sections 3.1 and 3.3; RISC 1.0, sections 2.2 to 2.5. Each by the name that its standard gives. */
export const signalTypes = [
  `${caep}/session-revoked`,
  `${caep}/credential-change`,
  `${risc}/account-disabled`,
  `${risc}/account-enabled`,
  `${risc}/account-purged`,
  `${risc}/identifier-changed`,
] as const
export const SignalType = z.enum(signalTypes)
export type SignalType = z.output<typeof SignalType>

/** About a stream itself: SSF 1.0, sections 8.1.4 and 8.1.5. They are told whether asked for or not. */
export const verification = `${ssf}/verification`
export const streamUpdated = `${ssf}/stream-updated`

export const pushMethod = 'urn:ietf:rfc:8935'
export const pollMethod = 'urn:ietf:rfc:8936'

/** CAEP Interoperability Profile 1.0, section 2.7.3: what a token for this door may do. Who may manage may read. */
export const signalScopes = ['ssf.read', 'ssf.manage'] as const
export type SignalScope = (typeof signalScopes)[number]
/** The resource that such a token is for (RFC 8707). */
export const signalsAt = (url: string): string => `${url}/ssf`

/** What happened to somebody, as the event says it; the session is part of the subject. */
export interface Signal {
  readonly account: string
  readonly type: SignalType
  readonly details: Readonly<Record<string, unknown>>
}

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** One row of signal_receiver. */
export const Receiver = z.object({ client: z.string(), subjects: z.enum(['all', 'added']) })
export type Receiver = z.output<typeof Receiver>

/** One row of signal_stream. */
export const Stream = z.object({
  id: z.string(),
  client: z.string(),
  method: z.enum(['push', 'poll', 'webhook']),
  endpoint: z.string().nullable(),
  sealed: Bytes.nullable(),
  events: z.array(SignalType),
  description: z.string().nullable(),
  status: z.enum(['enabled', 'paused', 'disabled']),
  reason: z.string().nullable(),
})
export type Stream = z.output<typeof Stream>

/** One row of signal_delivery, to be told now. */
export const Due = z.object({
  id: z.string(),
  account: z.string().nullable(),
  type: z.string(),
  details: z.record(z.string(), z.unknown()),
  at: z.date(),
  attempts: z.number(),
})
export type Due = z.output<typeof Due>

/** One thing that an application was to be told, as the console is told of it. */
export const SignalDelivery = z.object({
  id: z.string(),
  stream: z.string(),
  client: z.string(),
  method: z.enum(['push', 'poll', 'webhook']),
  type: z.string(),
  account: z.string().nullable(),
  at: z.iso.datetime(),
  state: z.enum(['waiting', 'delivered', 'dead']),
  attempts: z.number(),
  nextAt: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
})

/** As the commands list it. */
export const Listed = SignalDelivery.extend({ at: z.date(), doneAt: z.date().nullable(), nextAt: z.date() })
export type Listed = z.output<typeof Listed>

export interface DeliveryFilter {
  readonly state?: z.output<typeof SignalDelivery>['state'] | undefined
  readonly stream?: string | undefined
}

// --- what receivers send and are answered: SSF 1.0, section 8 ---

export const StreamId = z.string().regex(/^sgs_[0-9a-f-]{36}$/)
const Reason = z.string().max(500)

const Delivery = z.discriminatedUnion('method', [
  z.object({
    method: z.literal(pushMethod),
    endpoint_url: z.string().max(2048),
    authorization_header: z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[\x20-\x7e]+$/)
      .optional(),
  }),
  z.object({ method: z.literal(pollMethod) }),
])
export type AskedDelivery = z.output<typeof Delivery>

const asked = {
  events_requested: z.array(z.string().max(200)).max(50).optional(),
  description: z.string().max(200).optional(),
}
export const CreateStream = z.object({ delivery: Delivery, ...asked })
export type CreateStream = z.output<typeof CreateStream>
export const UpdateStream = z.object({ stream_id: StreamId, delivery: Delivery.optional(), ...asked })
export type UpdateStream = z.output<typeof UpdateStream>
export const ReplaceStream = CreateStream.extend({ stream_id: StreamId })

export const StreamConfiguration = z.object({
  stream_id: z.string(),
  iss: z.string(),
  aud: z.string(),
  events_supported: z.array(z.string()),
  events_requested: z.array(z.string()),
  events_delivered: z.array(z.string()),
  delivery: z.object({ method: z.string(), endpoint_url: z.string() }),
  min_verification_interval: z.number(),
  description: z.string().optional(),
})
export type StreamConfiguration = z.output<typeof StreamConfiguration>

const StatusWord = z.enum(['enabled', 'paused', 'disabled'])
export const StreamStatus = z.object({ stream_id: StreamId, status: StatusWord, reason: Reason.optional() })
export type StreamStatus = z.output<typeof StreamStatus>
export const Verify = z.object({ stream_id: StreamId, state: z.string().max(1024).optional() })
export const Subject = z.object({
  stream_id: StreamId,
  subject: z.object({ format: z.literal('iss_sub'), iss: z.string().max(2048), sub: z.string().max(255) }),
  verified: z.boolean().optional(),
})

/** RFC 8936, section 2.2. */
export const Poll = z.object({
  maxEvents: z.number().int().min(0).max(1000).optional(),
  returnImmediately: z.boolean().optional(),
  ack: z.array(z.string().max(100)).max(1000).default([]),
  setErrs: z
    .record(
      z.string().max(100),
      z.object({ err: z.string().max(100), description: z.string().max(500).optional() }),
    )
    .default({}),
})
export type Poll = z.output<typeof Poll>
export const Polled = z.object({
  sets: z.record(z.string(), z.string()),
  moreAvailable: z.boolean().optional(),
})
