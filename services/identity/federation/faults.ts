import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.federation', {
  state: [400, 'This sign-in has expired or was begun in another browser. Start again.'],
  refused: [400, 'The electronic ID did not confirm who you are. Try again, or use your password.'],
  upstream: [
    502,
    'The electronic ID does not answer as it should. Try again in a few minutes, or use your password.',
  ],
  unknown: [404, 'There is no such way to sign in.'],
  conflict: [409, 'That account elsewhere is linked to another account here.'],
  last: [409, 'Nothing else would sign you in any more. Add another way first.'],
  closed: [403, 'This account is closed. Ask the organisation.'],
})
