import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.keys', {
  sealed: [
    500,
    'The signing keys cannot be opened. Start with the service key and the key services that they were sealed with.',
  ],
  unreachable: [
    503,
    'The signing keys cannot be opened, because the key service that wrapped them does not answer. Start again when it does.',
  ],
  no_next: [
    409,
    'There is no next key that was published long enough. Wait until it is two hours old, or say that it cannot wait.',
  ],
  not_found: [404, 'There is no such signing key.'],
  signs: [
    409,
    'This key signs. Rotate, and revoke it when it is retiring; or say that it cannot wait, and the next one takes its place at once.',
  ],
  revoked: [409, 'This key has been revoked already.'],
})
