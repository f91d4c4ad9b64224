import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.engine', {
  unavailable: [503, 'Nothing can be decided at the moment. Try again in a minute.'],
})
