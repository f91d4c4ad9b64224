import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.passkeys', {
  not_accepted: [422, 'The passkey was not accepted. Try again, or use another way.'],
  too_many: [409, 'You have as many passkeys as an account can have. Remove one first.'],
})
