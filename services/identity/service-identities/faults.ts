import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.service-identities', {
  not_found: [404, 'This service identity does not exist, or not any more.'],
  no_owner: [422, 'Its owner has to be somebody with an open account.'],
  no_key: [404, 'It has no such key, or it is over already.'],
  too_many_keys: [409, 'Five keys live at once, and no more. Revoke one of them first.'],
  key_words: [422, 'What is said about the key is not right. Mend the fields that are named.'],
  rotated: [409, 'This key has a successor already.'],
  disabled: [409, 'This service identity is disabled. Enable it first.'],
  key_refused: [401, 'This key opens nothing here.'],
  not_at_doors: [403, 'Such a key opens no door by itself. Ask for a token and say what it is for.'],
  elsewhere: [403, 'This key may not be used from your network.'],
  off_hours: [403, 'This key may not be used at this hour.'],
  no_purpose: [422, 'Say what the token is for, in 8 to 200 characters.'],
  unknown_server: [422, 'This key may not have tokens for that server.'],
  scope_too_wide: [422, 'More is asked for than this key may do.'],
  lives_too_long: [422, 'A token of this kind does not live so long.'],
})
