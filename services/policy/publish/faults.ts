import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.publish', {
  unavailable: [503, 'Nobody can say at the moment which policies are in force. Try again in a minute.'],
  no_version: [404, 'There is no such version of the policies.'],
  no_draft: [404, 'This draft does not exist.'],
  closed: [409, 'This draft is in force already, or was withdrawn.'],
  changed: [412, 'The draft has been changed since you read it. Read it again.'],
  not_proposed: [409, 'Nobody has said yet that this draft is finished. Its author proposes it first.'],
  own: [403, 'Somebody else brings into force what you wrote or proposed. Ask a second person to read it.'],
  only_lent: [
    403,
    'One of the two who bring policies into force has to be an administrator by a role of their own: what is lent to somebody is over soon, and policies stay.',
  ],
  outdated: [
    409,
    'Other policies have come into force since this draft was begun. Look at what has changed, and save the draft on top of it.',
  ],
  taken: [422, 'Policies have names that are Althing’s own. Give them others.'],
  unfit: [422, 'The policies are not right. Mend what is named.'],
  failing: [
    422,
    'With these policies something would be decided otherwise than the tests say. Nothing was changed.',
  ],
  too_long: [
    422,
    'All policies together are more than every service can hold. Say some of them once for many, or as relations.',
  ],
  overtaken: [
    409,
    'Somebody else brought policies into force in this very moment. Look at them, and try again.',
  ],
  in_force: [409, 'This version is in force already.'],
  does_not_fit: [
    409,
    'That version does not fit this release of Althing any more. Make a draft of it and mend it.',
  ],
})
