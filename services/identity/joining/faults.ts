import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.joining', {
  closed: [403, 'Accounts are made by the office here. Ask them for yours.'],
  used: [410, 'This link has been used, or is too old. Begin again.'],
  not_found: [404, 'There is no such application.'],
  decided: [409, 'This application has been decided already.'],
  not_ready: [
    409,
    'This application is not complete: an address, or a guardian’s consent, is still missing.',
  ],
  address_taken: [409, 'Somebody else has an account with this address by now.'],
})
