import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.activation', {
  not_pending: [409, 'This account is open already. Its person signs in, or chooses a new password.'],
  not_found: [404, 'There is no such account.'],
  no_address: [409, 'This account has no e-mail address. Add one first.'],
  above_you: [
    403,
    'This account has a role that is not below yours. A superadministrator makes the code for it.',
  ],
  closed: [409, 'This account is closed. Open it first.'],
  used: [410, 'This link has expired or was already used. Ask for a new one.'],
})
