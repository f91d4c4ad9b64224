import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.mailed-codes', {
  unproven: [
    409,
    'Prove first that codes reach you: nothing can be sent to an address or a phone that is not proven.',
  ],
  needs_password: [409, 'A code by mail goes with a password. Choose a password first.'],
  not_offered: [409, 'Codes are not sent in this way here.'],
  wrong_code: [422, 'The code is not right, or not the one that was sent last.'],
})
