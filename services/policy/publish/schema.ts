import { z } from 'zod'

/** One row of policy_bundle. */
export const Published = z.object({
  revision: z.int().positive(),
  sourceHash: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  bundle: z.string(),
  signature: z.string(),
})
export type Published = z.output<typeof Published>

export const BundleQuery = z.strictObject({ revision: z.coerce.number().int().nonnegative().default(0) })
