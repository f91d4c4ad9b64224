import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.language', {
  too_long: [422, 'The policies are too long.'],
  too_deep: [422, 'The policies are nested too deeply.'],
  too_slow: [422, 'The policies take too long to check. Make them fewer or simpler.'],
  busy: [503, 'Too many policies are being checked at the moment. Try again in a few seconds.'],
  too_complex: [422, 'The policies cannot be read: something in them is too complicated. Make it simpler.'],
  not_cedar: [422, 'The policies are not valid Cedar.'],
  unnamed: [422, 'Each policy needs a name of its own: @id("…").'],
  not_evaluated: [422, 'The policies hold something that cannot be evaluated here.'],
})
