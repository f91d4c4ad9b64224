import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.profile', {
  used: [410, 'This link has been used, or is too old. Begin again under My account.'],
})
