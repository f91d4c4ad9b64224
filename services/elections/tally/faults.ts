import { faults } from '@althing/kernel/errors'

export const fault = faults('elections.tally', {
  not_found: [404, 'There is no such election. Look at the list again.'],
  not_closed: [403, 'There are no results before voting is over. Come back after the end.'],
  key_not_released: [
    403,
    'Voting is over, but the votes are not counted yet: the key that opens the ballots has to be released first.',
  ],
  not_countable: [409, 'Only a closed election can be counted. Look at its status.'],
  board_not_ready: [503, 'The last ballots are being put on the board. Try again in a few seconds.'],
  wrong_key: [
    422,
    'This is not the key that the ballots are sealed to. Look for the file that was made with this election.',
  ],
})
