import { z } from 'zod'

/** What was read at the address, and is judged anew whenever it is used. */
export const Said = z.record(z.string().max(200), z.unknown())
export type Said = z.output<typeof Said>

/** One row of client_document: what was said, or why nothing can be done with it. */
export const ClientDocument = z.object({
  url: z.string(),
  said: Said.nullable(),
  refused: z.string().nullable(),
  isFresh: z.boolean(),
  /** It may stand in for a while where its server is away. */
  isUsable: z.boolean(),
})
export type ClientDocument = z.output<typeof ClientDocument>
