/**
 * What the door says about sign-ins; used by token checks and by the revocation feed alike. Programs read these titles as they stand, people those of
 * web/ui/texts.
 */
import { faults } from '../errors/index.ts'

export const tokenFault = faults('kernel.token', {
  missing: [401, 'Sign in first. A program sends its token or key in the header Authorization: Bearer …'],
  invalid: [
    401,
    'This token or key is not valid, or not any more. Sign in again; a program sends one that is valid in the header Authorization: Bearer …',
  ],
  revoked: [401, 'This sign-in, token or key has been ended. Sign in again, or get a new one.'],
  elsewhere: [403, 'This key may not be used from your network.'],
  off_hours: [403, 'This key may not be used at this hour.'],
  unavailable: [503, 'Sign-ins cannot be checked at the moment. Try again in a minute.'],
})
