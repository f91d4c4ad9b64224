import { z } from 'zod'
import { Resource } from '../contract.ts'

export const ImpactQuery = z.strictObject({
  last: z.coerce.number().int().min(1).max(50_000).default(10_000),
})

const Thing = Resource.pick({ type: true, id: true })
const Side = z.object({
  decision: z.boolean(),
  policies: z.array(z.string()),
  errors: z.array(z.string()),
})

const Flip = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  subject: Thing,
  action: z.string(),
  resource: Thing,
  before: Side,
  after: Side,
})

export const Impact = z.object({
  draft: z.string(),
  version: z.int(),
  /** Which policies are in force. */
  inForce: z.int(),
  looked: z.int(),
  /** Made again with the draft. */
  replayed: z.int(),
  wouldAllow: z.int(),
  wouldDeny: z.int(),
  /** Those that are decided otherwise already, by what has come into force since. */
  changedAlready: z.int(),
  /** Why the others could not be made again, and how many. */
  unknown: z.object({
    /** A person who stood in it was erased, or nothing was kept. */
    notKept: z.int(),
    /** The draft reads what was not written down, because nothing read it then. */
    readsMore: z.int(),
  }),
  /** What was not written down, and would be read. */
  readsMore: z.array(z.string()),
  byAction: z.array(z.object({ action: z.string(), wouldAllow: z.int(), wouldDeny: z.int() })),
  /** The newest hundred. */
  flips: z.array(Flip),
  oldest: z.iso.datetime().nullable(),
})
export type Impact = z.output<typeof Impact>
