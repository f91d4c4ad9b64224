import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.decisions', {
  unwritten: [503, 'The decision could not be written down, and so is none. Try again in a minute.'],
  not_found: [404, 'There is no such decision, or it was made longer ago than they are kept.'],
  invalid_cursor: [400, 'This page is none. Ask again from the beginning.'],
})
