/** What others in the person world may know of identity: facts about accounts, and the claims of a signed-in person. */
import { z } from 'zod'

export const PersonId = z
  .string()
  .regex(/^acc_[0-9a-f-]{36}$/)
  .brand<'PersonId'>()
export type PersonId = z.output<typeof PersonId>

/** identity → members: who signed in proved these about themselves. The national id only through an eID. */
export const personIdentified = 'identity.person_identified'
export const PersonIdentified = z.object({
  person: PersonId,
  nationalId: z
    .string()
    .regex(/^\d{10}$/)
    .optional(),
  /** Only when proven. */
  email: z.email().optional(),
  name: z.string().max(200).optional(),
})

/** identity → portal: sessions that ended, so that the browser's own ends as well (OIDC back-channel logout in small). */
export const sessionEnded = 'identity.session_ended'
export const SessionEnded = z.object({ session: z.string() })

/** identity → policy: the roles a person has now; all of them, so that a lost or late message heals with the next. */
export const rolesChanged = 'identity.roles_changed'
export const RolesChanged = z.object({
  person: PersonId,
  roles: z.array(z.string().max(64)),
  stamp: z.int().nonnegative(),
})

/** GET /api/identity/me: the signed-in person, as the portal shows them. */
export const Me = z.object({
  id: PersonId,
  name: z.string(),
  email: z.string().nullable(),
  locale: z.enum(['is', 'en']),
  roles: z.array(z.string()),
})
export type Me = z.output<typeof Me>
