import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.language', {
  too_long: [422, 'The policies are too long.'],
  too_deep: [422, 'The policies are nested too deeply.'],
  not_cedar: [422, 'The policies are not valid Cedar.'],
  unnamed: [422, 'Each policy needs a name of its own: @id("…").'],
})
