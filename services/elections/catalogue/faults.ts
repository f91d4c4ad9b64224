import { faults } from '@althing/kernel/errors'

export const fault = faults('elections.catalogue', {
  unknown: [404, 'There is no such election here. Use the link from your invitation.'],
})
