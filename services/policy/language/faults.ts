import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.language', {
  too_long: [422, 'The policies are too long.'],
  too_deep: [422, 'The policies are nested too deeply.'],
  too_slow: [422, 'Checking these policies takes too long.'],
  too_complex: [422, 'The policies are too complex to be checked.'],
  not_cedar: [422, 'The policies are not valid Cedar.'],
  unnamed: [422, 'Each policy needs a name of its own: @id("…").'],
  not_evaluated: [422, 'The policies hold something that cannot be evaluated here.'],
})
