import { faults } from '@althing/kernel/errors'

export const fault = faults('portal.session', {
  lost: [400, 'This sign-in was started elsewhere or took too long. Start again.'],
  refused: [403, 'The sign-in was not completed. Start again.'],
  unavailable: [503, 'Signing in is not possible at the moment. Try again in a minute.'],
})
