import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.accounts', {
  not_found: [404, 'There is no such account.'],
  invalid_import: [
    422,
    'Some rows are not right. Look at the rows named, correct them, and import the file again.',
  ],
})
