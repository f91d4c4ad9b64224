import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.client-documents', {
  refused: [400, 'What this application says at its own address cannot be used.'],
})
