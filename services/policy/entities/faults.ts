import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.entities', {
  reserved: [
    422,
    'Roles, actions, services and what proves who somebody is are not yours to write. Look at the fields named.',
  ],
  invalid: [422, 'Something in it cannot be kept. Look at the fields named.'],
  circle: [422, 'Something would be within itself.'],
})
