import { faults } from '@althing/kernel/errors'

export const fault = faults('policy.overrides', {
  no_override: [404, 'There is no such override.'],
  unknown_subject: [422, 'Nobody and nothing is known here by this name. Look it up, and try again.'],
  no_role: [
    422,
    'Nothing is known here of a role of this account. Give it one first; then it can be permitted or denied something.',
  ],
  not_theirs: [422, 'Overrides are about people and about what applications told of. This is neither.'],
  unknown_actions: [422, 'Nothing here is called so. Look at the actions that are named.'],
  unknown_kind: [422, 'Nothing is done here to a thing of this kind. Look at the kind before the name.'],
  undeniable: [
    422,
    'This is taken away from nobody: it is what is their own, or the way out of what somebody else has done.',
  ],
  unlendable: [
    422,
    'This is given to nobody for a while: whoever does it needs a role of their own. Ask for the role instead.',
  ],
  too_soon: [422, 'The end has to be at least a minute from now.'],
  too_late: [422, 'The end is too far away. Choose one that is nearer: it can be asked for again then.'],
  above: [403, 'They rank above you. Ask somebody who ranks as they do.'],
  own: [403, 'Somebody else decides about what you asked for. Ask a second person to look at it.'],
  not_by_lent: [
    403,
    'This is for those whose own role it is, and not for somebody who has it for an emergency. Ask one of them.',
  ],
  for_oneself: [403, 'Somebody else decides about what is for you.'],
  decided: [409, 'Somebody has decided about this already, or it was ended.'],
  lapsed: [409, 'It is too late to decide about this. Ask for it again.'],
  asks_no_more: [
    409,
    'Whoever asked for this may not ask for it any more, and so it has lapsed. Nobody can decide about it now.',
  ],
  unheard: [
    503,
    'It is not known here yet which role the person who asked for this has now. Nothing was decided. Try again in a minute.',
  ],
  decided_above: [403, 'Somebody who ranks above you has decided this. Ask an administrator to end it.'],
  too_many: [409, 'There are too many overrides. End those that nobody needs any more.'],
  busy: [
    503,
    'Others are changing what is in force at this very moment. Nothing of yours was changed. Try again.',
  ],
  off: [409, 'Emergency access is switched off here.'],
  too_long: [422, 'Emergency access does not last so long. Ask for less: it can be asked for again.'],
  lent_no_more: [409, 'What let you do this has ended in this very moment. Nothing was changed.'],
  held: [409, 'You may do all that already: it is your own role, or below it.'],
  nothing_to_lend: [403, 'Emergency access is for those who have an office here.'],
  asked_already: [409, 'You have asked for this already, or have it. End that first.'],
  not_yours: [403, 'This is somebody else’s. An election manager or an administrator can end it.'],
})
