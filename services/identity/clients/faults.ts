import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.clients', {
  metadata: [422, 'What is said about the application is not right. Mend the fields that are named.'],
})
