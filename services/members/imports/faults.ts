import { faults } from '@althing/kernel/errors'

export const fault = faults('members.imports', {
  not_found: [404, 'There is no such import, or it was kept for longer than a day. Upload the file again.'],
  empty: [422, 'The file is empty. Choose the file again.'],
  not_utf8: [
    422,
    'The letters of this file are not UTF-8. In Excel choose “Save as” and “CSV UTF-8”, then upload it again.',
  ],
  malformed: [
    422,
    'The file is not right from the row named: most often a quotation mark is missing there. Correct it and upload the file again.',
  ],
  columns_missing: [
    422,
    'The first row must name the columns, and kennitala and nafn (name) must be among them. Correct the first row and upload the file again.',
  ],
  columns_twice: [422, 'Two columns have the same meaning. Remove the one named and upload the file again.'],
  has_errors: [
    409,
    'Some rows are wrong, so nothing was changed. Correct the rows named in the preview and upload the file again.',
  ],
})
