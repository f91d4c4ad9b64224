import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.decisions', {
  unwritten: [503, 'The decision could not be written down, and so is none. Try again in a minute.'],
})
