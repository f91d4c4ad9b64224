import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.outside-tokens', {
  refused: [401, 'Your sign-in is no longer valid. Sign in again.'],
  ended: [401, 'Your sign-in has ended. Sign in again there.'],
  unlinked: [403, 'This sign-in belongs to nobody here yet. Sign in here, or ask the organisation.'],
  closed: [403, 'This account is closed. Ask the organisation.'],
  taken: [409, 'That person or that identity is linked already.'],
  unknown_issuer: [404, 'Tokens of this issuer are not taken here.'],
  not_linked: [404, 'There is no such link.'],
  invalid_list: [
    422,
    'Some rows are not right. Look at the rows named, correct them, and import the file again.',
  ],
  unavailable: [503, 'The other issuer does not answer at the moment. Try again in a minute.'],
})
