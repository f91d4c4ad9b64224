import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.explain', {
  no_draft: [404, 'There is no such draft that is open, or it is not right yet. Look at its problems first.'],
})
