import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.explain', {
  invalid: [400, 'Something that is to be otherwise has no meaning. Look at the fields named.'],
  no_draft: [
    404,
    'There is no such open draft, or it is not right yet. Check it and mend what is named first.',
  ],
})
