import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.passwords', {
  too_short: [422, 'The password is too short. Add a few more characters.'],
  too_long: [422, 'The password is too long. Use at most 128 characters.'],
  common: [422, 'This password is on lists that attackers use. Choose another one.'],
  personal: [422, 'The password contains your e-mail address. Choose one that nobody can derive from it.'],
  weak: [422, 'This password is too easy to guess. Add another word or two.'],
  breached: [422, 'This password has been in a data breach elsewhere. Choose another one.'],
  plain: [422, 'The password needs capital and small letters, a digit and another character.'],
  reused: [422, 'You have used this password before. Choose another one.'],
  busy: [503, 'Many people are signing in at this moment. Try again in a few seconds.'],
})
