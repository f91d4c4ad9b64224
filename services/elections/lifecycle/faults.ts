import { faults } from '@althing/kernel/errors'

export const fault = faults('elections.lifecycle', {
  not_found: [404, 'There is no such election. Look at the list again.'],
  not_now: [409, 'The election is not in a state in which this can be done. Look at its status.'],
  hidden: [400, 'The election is hidden. Show it again before it is opened.'],
  already_hidden: [400, 'The election is hidden already.'],
  not_hidden: [400, 'The election is not hidden.'],
  publishing: [409, 'The election is being published at this moment. Wait until it is published or refused.'],
  no_sealing_key: [
    400,
    'Ballots need a key to be sealed to. Make the key pair first and send its public part.',
  ],
  end_is_past: [400, 'The end of voting has passed already. Set a later one.'],
  schedule: [400, 'Voting must end after it begins. Correct the schedule.'],
  too_late: [409, 'The end of voting has passed, so it cannot go on.'],
})

/** Codes that stand in `publication_problem`; the same words when events is the one that refuses. */
export const problems = {
  smallClass: 'elections.lifecycle.small_class',
  notThePaper: 'elections.lifecycle.not_the_paper',
  weights: 'elections.lifecycle.weights',
} as const
