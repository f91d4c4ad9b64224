import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.resources', {
  words: [422, 'What is said about the server is not right. Mend the fields that are named.'],
})
