/** What others may know of the portal: what a page of ours learns about who is signed in. */
import { z } from 'zod'

/** GET /session/me */
export const Me = z.object({
  signedIn: z.boolean(),
  subject: z.string().nullable(),
  name: z.string().nullable(),
  roles: z.array(z.string()),
  /** Send it as `x-csrf-token` with everything that changes something. */
  csrf: z.string(),
  ballotUrl: z.url(),
})
export type Me = z.output<typeof Me>
