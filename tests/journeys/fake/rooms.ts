/** The rooms, and the buttons in them, that the portal shows to whoever has these roles, by the policies of Althing itself. */
import { createAuthz } from '@althing/kernel/authz'
import { systemClock } from '@althing/kernel/context'
import { publicPart, signingKey, verifyingKey } from '@althing/kernel/http'
import { createActs, createRooms } from '../../../services/portal/pages/rooms.ts'
import { baseBundle } from '../../support/policies.ts'

const key = signingKey(Buffer.alloc(32, 7).toString('base64url'))
const authz = createAuthz({
  clock: systemClock,
  key: verifyingKey(publicPart(key)),
  staleSeconds: Number.MAX_SAFE_INTEGER,
})
authz.install(await baseBundle(key))
const roomsOf = createRooms(authz)
const actsOf = createActs(authz)

export const roomsFor = (roles: readonly string[]) => roomsOf({ subject: 'acc_1', roles })
export const actsFor = (roles: readonly string[]) => actsOf({ subject: 'acc_1', roles })
