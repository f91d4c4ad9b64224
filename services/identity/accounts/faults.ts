import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.accounts', {
  not_yet: [409, 'This account waits for its first link. Send the link again, or make a code on paper.'],
  above_you: [403, 'This person has a role that is not below yours. Ask a superadministrator to do it.'],
  above_role: [403, 'You can give and take only roles that are below your own.'],
  yourself: [409, 'This is your own account. Ask another administrator to do it.'],
  own_factors: [
    409,
    'This is your own second step. Turn it off on the page of your own account, or ask another administrator.',
  ],
  no_factors: [
    409,
    'There is no second step and no passkey here. Nothing was taken away, and nobody was told anything.',
  ],
  last_superadmin: [409, 'This is the last superadministrator. Make somebody else one first.'],
  already: [409, 'The account is so already. Nothing was changed, and nobody was told anything.'],
  reason_missing: [422, 'Say why. Whoever looks later has to be able to read it.'],
  taken: [409, 'There is an account with this address or kennitala already.'],
  not_found: [404, 'There is no such account.'],
  invalid_import: [
    422,
    'Some rows are not right. Look at the rows named, correct them, and import the file again.',
  ],
})
