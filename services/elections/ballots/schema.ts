import { z } from 'zod'
import { ElectionId } from '../contract.ts'

export const BoxPath = z.object({ election: ElectionId })

export interface Incoming {
  /** HMAC of the nullifier under the box key. */
  readonly burn: Uint8Array
  /** HMAC of slot and class. */
  readonly place: Uint8Array
  /** HMAC of nullifier and number. */
  readonly row: Uint8Array
  /** HMAC of the leaf. */
  readonly digest: Uint8Array
  readonly sealed: Uint8Array
}

/** What became of one ballot of a batch. */
export type Outcome = 'kept' | 'same' | 'conflict' | 'other place' | 'not accepted'

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** One row of the answer of the statement that stores. */
export const Stored = z.object({
  ordinal: z.int(),
  known: z.boolean(),
  placed: z.boolean(),
  kept: z.boolean(),
})
export const Standing = z.object({ row: bytes, digest: bytes })
/** One row of ballot_intake that is not on the board yet. */
export const Waiting = z.object({ row: bytes, digest: bytes, sealed: bytes })
export type Waiting = z.output<typeof Waiting>

/** The tables of one election. */
export const partition = (table: string, id: ElectionId) =>
  `${table}_${ElectionId.parse(id).replaceAll('-', '')}`
