import { Cast, Receipt } from '@althing/elections/contract'
import { Crossing } from '@althing/web-ui/crossing.ts'
import { openShelf, type Shelf } from '@althing/web-ui/dom/shelf.ts'
import { z } from 'zod'

/** What is marked on the paper so far: the options, or that it shall be blank. */
export const Mark = z.object({ options: z.array(z.string()), blank: z.boolean() })
export type Mark = z.output<typeof Mark>
export const Draft = z.record(z.string(), Mark)
export type Draft = z.output<typeof Draft>

export const KeptReceipt = z.object({
  receipt: Receipt,
  seq: z.int(),
  /** `unchecked`: this browser cannot check the signature; what it could compute itself was right. */
  check: z.enum(['signed', 'unchecked']),
})
export type KeptReceipt = z.output<typeof KeptReceipt>

/**
 * What this device keeps of one election. Whoever can read it can vote with it, and tell from it what a sealed ballot says: so
 * marks go as soon as the ballot is in the box, and all of it when the election is over but the receipt.
 */
export const Place = z.object({
  election: z.string(),
  ticket: Crossing.nullable(),
  draft: Draft,
  /** Number of the next ballot: the highest counts. */
  seq: z.int(),
  /** Exactly as sent, from before it was sent until its receipt is here. */
  waiting: Cast.nullable(),
  /** How often it was sent: after the first silence, a refusal no longer proves that it is not in the box. */
  tries: z.int(),
  receipt: KeptReceipt.nullable(),
})
export type Place = z.output<typeof Place>
export type Places = Shelf<Place>

export const openPlaces = (): Places => openShelf('booth', (value) => Place.safeParse(value).data)

/**
 * A ticket arrives. The same one again changes nothing, so that "go to the booth" may be pressed twice; another one takes the
 * place of all that was here: on a shared telephone the next person finds nothing of the one before.
 */
export function arrive(before: Place | undefined, ticket: Crossing): Place {
  if (before?.ticket?.otk === ticket.otk) return before
  return { election: ticket.election, ticket, draft: {}, seq: 1, waiting: null, tries: 0, receipt: null }
}
