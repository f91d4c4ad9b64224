import { z } from 'zod'
import { PersonId } from '../contract.ts'

/** One row of person_claim: an account that proved something and matches no member yet. */
export const Claim = z.object({
  person: PersonId,
  nationalId: z.string().nullable(),
  email: z.string().nullable(),
  /** Why it was not linked though there is a member, as it was last recorded. */
  conflict: z.string().nullable(),
})
export type Claim = z.output<typeof Claim>
