import { z } from 'zod'

export const ElectionPath = z.object({ id: z.uuid() })

/** One ticket as it is asked for, its bytes read. */
export interface Wish {
  readonly slot: string
  readonly class: string
  readonly blinded: Uint8Array
}

/** What is kept of a ticket that was issued. */
export interface Issued {
  readonly slot: string
  readonly class: string
  readonly member: string
  readonly blindedHash: Uint8Array
  /** Of the issuance log. */
  readonly leaf: Uint8Array
}
