import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.drafts', {
  no_draft: [404, 'This draft does not exist.'],
  closed: [409, 'This draft is in force already, or was withdrawn. Begin a new one.'],
  changed: [
    412,
    'Somebody else has changed the draft since you read it. Read it again, and put your change into it.',
  ],
  no_version: [
    428,
    'Say which version of the draft you have read: If-Match with the ETag that came with it.',
  ],
  too_many: [409, 'There are a hundred open drafts. Withdraw those that nobody needs.'],
  no_such_base: [422, 'A draft is based on a version that there has been.'],
  unfit: [422, 'The draft is not right yet. Mend what is named before you propose it.'],
  failing: [
    422,
    'With this draft something would be decided otherwise than the tests say. Mend one or the other.',
  ],
})
