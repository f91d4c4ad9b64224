import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.deliveries', {
  not_found: [404, 'There is no such thing in the queue any more. It has gone out, or somebody was faster.'],
  not_suppressed: [404, 'Mail to this address is not held back.'],
  not_set_up: [404, 'No events of mail are heard here: the key of the carrier is not set.'],
  signature: [403, 'This was not signed by the carrier, or too long ago.'],
})
