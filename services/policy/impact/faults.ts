import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.impact', {
  no_draft: [404, 'This draft does not exist.'],
  unfit: [
    409,
    'The draft is not right yet. Check it and mend what is named; then it can be seen what it would change.',
  ],
  nothing_logged: [
    409,
    'Decisions are not written down here, and so nobody can say what the draft would have changed.',
  ],
})
