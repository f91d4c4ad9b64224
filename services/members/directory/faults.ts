import { faults } from '@althing/kernel/errors'

export const fault = faults('members.directory', {
  not_found: [404, 'There is no such member. Look in the list again.'],
  wrong_cursor: [400, 'This page of the list does not exist. Begin at the first page.'],
})
