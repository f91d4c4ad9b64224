/** What the door says about sign-ins; used by token checks and by the revocation feed alike. */
import { faults } from '../errors/index.ts'

export const tokenFault = faults('kernel.token', {
  missing: [401, 'Sign in first.'],
  invalid: [401, 'Your sign-in is no longer valid. Sign in again.'],
  revoked: [401, 'Your sign-in has ended. Sign in again.'],
  elsewhere: [403, 'This key may not be used from your network.'],
  off_hours: [403, 'This key may not be used at this hour.'],
  unavailable: [503, 'Sign-ins cannot be checked at the moment. Try again in a minute.'],
})
