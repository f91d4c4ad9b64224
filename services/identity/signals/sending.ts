/** One call to a receiver: a SET pushed by RFC 8935, or a webhook as Standard Webhooks has it. */
import { createHmac } from 'node:crypto'
import type { Clock } from '@althing/kernel/context'
import type { Egress } from '@althing/kernel/egress'
import { isFault } from '@althing/kernel/errors'
import type { Breaker } from '@althing/kernel/resilience'
import { z } from 'zod'
import type { Taken } from './delivery.ts'
import type { Due, Stream } from './schema.ts'
import { knownAs, setOf, webhookOf, type NamesFor, type SetNeeds } from './set.ts'

interface Needs extends SetNeeds {
  readonly namesFor: NamesFor
  readonly clock: Clock
  readonly egress: Egress
  readonly breaker: (name: string) => Breaker
  /** What a stream is sent with: a header's value, or secrets. */
  readonly opened: (stream: Stream) => string | null
}

export function createSending(needs: Needs) {
  const { clock, egress, breaker, opened, issuer, namesFor } = needs

  function messageOf(due: Due, stream: Stream) {
    if (stream.method === 'webhook') {
      const body = webhookOf(due, stream, issuer)
      return {
        body,
        headers: {
          'content-type': 'application/json',
          ...signed(due.id, clock.now(), body, opened(stream) ?? ''),
        },
      }
    }
    const shown = opened(stream)
    return {
      body: setOf(due, stream, needs),
      headers: {
        'content-type': 'application/secevent+jwt',
        accept: 'application/json',
        ...(shown === null ? {} : { authorization: shown }),
      },
    }
  }

  return async function send(due: Due, stream: Stream): Promise<Taken> {
    const names = await namesFor(stream.client)
    const { body, headers } = messageOf(knownAs(due, names.of), stream)
    const call = { method: 'POST', headers, body, timeoutMs: 5_000, mostBytes: 16_384 } as const
    try {
      return await breaker(`signals:${stream.id}`).run(async () => {
        const { status, text } = await egress.send(stream.endpoint ?? '', call)
        if (status >= 500 || status === 429) throw new Failed(`answered ${status}`)
        return takenOf(stream, status, text)
      })
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error) }
    }
  }
}

/** Counts against the receiver's breaker. */
class Failed extends Error {}

function takenOf({ method }: Stream, status: number, text: string): Taken {
  if (status >= 200 && status < 300) return { kind: 'taken' }
  // RFC 8935, section 2.4: what it says of this SET will be the same the next time; who we are may be settled until then.
  const err = method === 'push' && status === 400 ? Refusal.safeParse(safely(text)).data?.err : undefined
  if (err !== undefined && final.includes(err)) return { kind: 'refused', reason: `refused ${err}` }
  return { kind: 'failed', reason: `answered ${status}` }
}

const Refusal = z.object({ err: z.string().regex(/^[a-z_]{1,40}$/) })
const final = ['invalid_request', 'invalid_issuer', 'invalid_audience']

function safely(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Failed) return error.message
  if (isFault(error, 'kernel.egress.address')) return 'address'
  if (isFault(error, 'kernel.resilience.broken')) return 'broken'
  return 'silent'
}

/** https://github.com/standard-webhooks/standard-webhooks: over id, time and body; one signature for each secret that is live. */
function signed(id: string, now: Date, body: string, secrets: string): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signatures = secrets
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const key = Buffer.from(one.slice('whsec_'.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
