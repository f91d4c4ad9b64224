import { faults } from '@althing/kernel/errors'

export const fault = faults('elections.pages', {
  not_found: [404, 'There is no such file. Load the page again.'],
  not_built: [503, 'This page is not built yet. The operator runs: node tools/web.ts'],
})
