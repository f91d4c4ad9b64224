import { faults } from '@althing/kernel/errors'

export const fault = faults('portal.gateway', {
  unavailable: [503, 'This part does not answer at the moment. Try again in a minute.'],
})
