import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.shadow', {
  no_draft: [404, 'This draft does not exist, or is open no more.'],
  unfit: [409, 'The draft is not right yet. Check it and mend what is named before you try it.'],
  taken: [409, 'Another draft is being tried. End that first.'],
  not_running: [404, 'This draft is not being tried.'],
})
