import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.passwords', {
  too_short: [422, 'The password is too short. Add a few more characters.'],
  too_long: [422, 'The password is too long. Use at most 128 characters.'],
  common: [422, 'This password is too easy to guess. Choose another one.'],
  busy: [503, 'Many people are signing in at this moment. Try again in a few seconds.'],
})
