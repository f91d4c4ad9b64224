import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.entities', {
  reserved: [
    422,
    'Roles, actions, services and what proves who somebody is are not yours to write. Look at the fields named.',
  ],
  invalid: [422, 'Something in it cannot be kept. Look at the fields named.'],
  circle: [422, 'Something would be within itself.'],
  deep: [422, 'Something would be more than a hundred levels deep in others. Put it higher up.'],
  tangled: [422, 'This hangs together with too much to be looked through at once. Tell of fewer at a time.'],
})
