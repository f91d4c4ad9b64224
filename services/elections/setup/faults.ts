import { faults } from '@althing/kernel/errors'

export const fault = faults('elections.setup', {
  not_found: [404, 'There is no such election. Look at the list again.'],
  paper: [400, 'The ballot paper is not right yet. Look at the fields named.'],
  nothing_to_change: [400, 'Nothing was sent that could be changed. Name at least one field.'],
  frozen: [
    409,
    'The manifest is published and fixes title, questions, eligibility and schedule. Only the description can be changed now.',
  ],
  publishing: [409, 'The election is being published at this moment. Wait until it is published or refused.'],
  changed: [409, 'Somebody else changed the election meanwhile. Load it again and repeat your change.'],
  not_removable: [
    409,
    'Only drafts, and elections cancelled before they were published, can be deleted. Hide or archive it instead.',
  ],
  bad_cursor: [400, 'This page marker is not one of ours. Begin with the first page.'],
})
