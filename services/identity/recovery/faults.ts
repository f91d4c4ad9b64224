import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.recovery', {
  used: [410, 'This link has expired or was already used. Ask for a new one.'],
})
