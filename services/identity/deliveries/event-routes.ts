/** Where the carrier tells what became of letters. Whoever is not the carrier is not heard. */
import type { KeyObject } from 'node:crypto'
import { httpFault, parseJson, route, type Route } from '@althing/kernel/http'
import type { Clock } from '@althing/kernel/context'
import { isSigned, signatureHeader, timestampHeader } from './events.ts'
import { fault } from './faults.ts'
import type { Deliveries } from './rules.ts'
import { MailEvent, SentEvents } from './schema.ts'

export interface EventNeeds extends Pick<Deliveries, 'hear'> {
  readonly clock: Clock
  readonly key: KeyObject | null
  /** An event that is none: the others of its sending are heard all the same, and it would be no other the next time. */
  readonly onSkipped: () => void
}

/** The carrier sends up to 768 kB at once. */
const largest = 1_000_000

export function eventRoute({ hear, clock, key, onSkipped }: EventNeeds): Route {
  return route(
    {
      method: 'POST',
      path: '/api/identity/mail/events',
      access: 'public', // The signature of the carrier over the bytes as they came is what lets it in.
      summary: 'Events of SendGrid’s signed webhook.',
      streams: 'application/json',
      bodyLimit: largest,
    },
    async ({ stream, headers }) => {
      if (key === null) throw fault.not_set_up()
      const chunks: Uint8Array[] = []
      for await (const chunk of stream) chunks.push(chunk)
      const body = Buffer.concat(chunks)
      const signed = {
        body,
        timestamp: headers[timestampHeader] ?? '',
        signature: headers[signatureHeader] ?? '',
      }
      if (!isSigned(signed, key, clock.now())) throw fault.signature()
      const sent = SentEvents.safeParse(parseJson(body.toString('utf8')))
      if (!sent.success) throw httpFault.invalid(sent.error)
      for (const one of sent.data) {
        const event = MailEvent.safeParse(one)
        if (event.success) await hear(event.data)
        else onSkipped()
      }
    },
  )
}
