import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.alerts', {
  not_found: [404, 'There is no such alert.'],
  resolved: [409, 'Somebody has resolved this alert already.'],
})
