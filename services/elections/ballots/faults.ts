import { faults } from '@althing/kernel/errors'

/** Each refusal of the box. None of them says anything about who asked, and none of them is written down. */
export const fault = faults('elections.ballots', {
  unknown: [404, 'There is no such election here. Use the link from your invitation.'],
  not_open: [403, 'Voting has not begun yet. Keep your ticket and come back when it is open.'],
  paused: [403, 'Voting is paused. Your ticket stays good; try again when it goes on.'],
  closed: [403, 'Voting is over. This ballot was not accepted.'],
  tallied: [403, 'The votes are counted already. This ballot was not accepted.'],
  cancelled: [403, 'The election was cancelled. This ballot was not accepted.'],
  malformed: [400, 'The ballot is not written as it should be. Load the page again and repeat.'],
  unsealable: [422, 'The ballot is not sealed as this election asks. Load the page again and repeat.'],
  unknown_place: [
    422,
    'The ballot paper or the group of voters is not of this election. Load the page again.',
  ],
  forged: [403, 'This ticket was not issued for this election. Fetch your ticket again.'],
  foreign: [403, 'This ticket belongs to another election. Use the page of that election.'],
  resigned: [
    403,
    'The ballot is not signed by the holder of the ticket. Vote on the device that fetched it.',
  ],
  conflict: [
    409,
    'With this ticket another ballot with the same number was cast already. Cast a new one to replace it.',
  ],
  other_place: [409, 'This ticket was used for another ballot paper already.'],
  no_key: [503, 'The ballot box is not ready on this machine. Try again in a minute.'],
  unavailable: [
    503,
    'The ballot box cannot store ballots at the moment. Try again; the same ballot is never counted twice.',
  ],
})
