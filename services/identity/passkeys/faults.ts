import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.passkeys', {
  not_accepted: [422, 'The passkey was not accepted. Try again, or use another way.'],
  last: [409, 'This is your last way to sign in. Add another one first.'],
  too_many: [409, 'You have as many passkeys as an account can have. Remove one first.'],
})
