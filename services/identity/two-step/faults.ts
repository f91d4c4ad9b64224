import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.two-step', {
  wrong_code: [422, 'The code is not right. Take the one that the application shows now.'],
  not_begun: [409, 'Begin again: there is no authenticator application waiting to be confirmed.'],
})
