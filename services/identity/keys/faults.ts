import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.keys', {
  sealed: [500, 'The signing keys cannot be opened. Start with the service key that they were sealed with.'],
  no_next: [
    409,
    'There is no next key that was published long enough. Wait until it is two hours old, or say that it cannot wait.',
  ],
})
