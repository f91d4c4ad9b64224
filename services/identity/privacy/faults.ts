import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.privacy', {
  often: [429, 'There was an export less than a day ago.'],
  no_export: [404, 'There is no such export, or it is no longer there.'],
  not_ready: [409, 'The export is not ready yet.'],
  already: [409, 'The erasure of this account is already under way.'],
  no_erasure: [404, 'No erasure is waiting that could be called off.'],
  last_superadmin: [409, 'The last superadmin cannot be erased. Make somebody else one first.'],
})
