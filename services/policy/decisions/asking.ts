/** Which decisions are meant, as it is written in an address, in a body, or on a command line. */
import { z } from 'zod'
import { Written } from '../reference.ts'
import { Filter } from './schema.ts'

export const FilterWritten = Filter.extend({ subject: Written.optional(), resource: Written.optional() })

export const ListingWritten = FilterWritten.extend({
  /** What `next` of the page before said. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const Exporting = FilterWritten.extend({ format: z.enum(['ndjson', 'csv']).default('ndjson') })

export const ReplayingWritten = FilterWritten.extend({ limit: z.int().min(1).max(10_000).default(1_000) })
