import { z } from 'zod'
import { ElectionId } from '../contract.ts'

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

export const BoardPath = z.object({ election: ElectionId })
export const TilePath = z.object({ election: ElectionId, '*': z.string().max(200) })
export const LeafPath = z.object({ election: ElectionId, leaf: z.string().length(43) })

/** One row of board. */
export const Head = z.object({
  size: z.int(),
  frontier: z.array(bytes),
  root: bytes,
  signedSize: z.int(),
  signedRoot: bytes.nullable(),
  checkpoint: z.string().nullable(),
  closed: z.boolean(),
  finished: z.boolean(),
})
export type Head = z.output<typeof Head>

export interface Leaf {
  readonly leaf: Uint8Array
  readonly entry: string
}
