import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.backchannel', {
  gone: [404, 'Nothing waits for an answer here. It was answered, is over, or never was.'],
  not_told: [502, 'The application did not take what it was told.'],
})
