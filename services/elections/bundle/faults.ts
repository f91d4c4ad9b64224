import { faults } from '@althing/kernel/errors'

export const fault = faults('elections.bundle', {
  unknown: [404, 'There is no such election here. Use the link from your invitation.'],
  not_counted: [403, 'The proof is published with the result. Come back when the votes are counted.'],
})
