import { z } from 'zod'

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** What elections told us about an election, beyond the draft. */
export const Status = z.enum(['published', 'open', 'paused', 'closed', 'tallied', 'archived', 'cancelled'])
export type Status = z.output<typeof Status>

export const Due = z.enum(['roll', 'issuance', 'counts'])
export type Due = z.output<typeof Due>

/** One row of roll. */
export const Roll = z.object({
  election: z.uuid(),
  title: z.object({ is: z.string().optional(), en: z.string().optional() }),
  eligibility: z.string(),
  slots: z.array(z.string()),
  cutOff: z.date(),
  smallGroupReason: z.string().nullable(),
  refusal: z.string().nullable(),
  size: z.int().nullable(),
  root: Bytes.nullable(),
  due: Due.nullable(),
  status: Status.nullable(),
  hidden: z.boolean(),
  opensAt: z.date().nullable(),
  closesAt: z.date().nullable(),
  manifest: z.string().nullable(),
  manifestHash: Bytes.nullable(),
})
export type Roll = z.output<typeof Roll>

/** One row of roll_entry, as it is written. */
export interface Entry {
  readonly member: string
  readonly person: string | null
  readonly class: string
  readonly salt: Uint8Array
}

/** One row of issuing_key. */
export const Key = z.object({ slot: z.string(), class: z.string(), n: z.string(), sealed: Bytes.nullable() })
export type Key = z.output<typeof Key>

/** Somebody's place on a roll. */
export const Place = z.object({ member: z.string(), class: z.string(), salt: Bytes })
export type Place = z.output<typeof Place>

export const Right = z.object({
  election: z.uuid(),
  title: z.object({ is: z.string().optional(), en: z.string().optional() }),
  status: Status,
  opensAt: z.date().nullable(),
  closesAt: z.date().nullable(),
  member: z.string(),
  slot: z.string(),
  class: z.string(),
})
export type Right = z.output<typeof Right>
