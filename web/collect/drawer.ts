import { Crossing } from '@althing/web-ui/crossing.ts'
import { openShelf, type Shelf } from '@althing/web-ui/dom/shelf.ts'
import { z } from 'zod'

/**
 * What this device keeps of a ticket: the secret from before it asked, then the ticket. Whoever can read it can vote with it and
 * find out what its sealed ballots say; it is thrown away when the election is over.
 */
const Kept = z.object({
  key: z.string(),
  election: z.string(),
  pending: z.object({
    seed: z.string(),
    manifestHash: z.string(),
    slot: z.string(),
    class: z.string(),
    issuingKey: z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() }),
  }),
  ticket: Crossing.nullable(),
})
export type Kept = z.output<typeof Kept>
export type Drawer = Shelf<Kept>

export const openDrawer = (): Drawer => openShelf('tickets', (value) => Kept.safeParse(value).data)

/** Two people may share a telephone: each has a drawer of their own. */
export const keyOf = (
  subject: string,
  { election, slot, class: name }: { election: string; slot: string; class: string },
): string => [subject, election, slot, name].join('/')
