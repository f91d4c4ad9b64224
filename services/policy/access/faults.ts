import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.access', {
  invalid: [400, 'Something in the question is not right. Look at the fields named.'],
  invalid_page: [400, 'This page belongs to another question, or is none. Ask again from the beginning.'],
  engines_away: [
    503,
    'An engine outside that must agree does not answer, and so nobody knows who may. Search again later.',
  ],
  invalid_token: [400, 'The token of the subject is not valid, or is of somebody else.'],
})
