import { faults } from '@althing/kernel/errors'

export const fault = faults('elections.board', {
  unknown: [404, 'There is no such board here. Use the link from your invitation.'],
  no_such_part: [404, 'The board has no such part yet. Read its checkpoint to see how far it goes.'],
  not_yet: [
    404,
    'This ballot does not stand on the board yet. Ballots are put there in mixed batches, all of them when voting is over.',
  ],
  malformed: [400, 'This is not the name of a leaf. Copy it from the receipt.'],
})
