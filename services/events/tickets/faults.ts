import { faults } from '@althing/kernel/errors'

export const fault = faults('events.tickets', {
  not_on_roll: [
    403,
    'You are not on the roll of this election. If you are a member, sign in with your electronic ID; otherwise ask the election officer.',
  ],
  not_published: [409, 'This election is not published yet. Come back when it is.'],
  ended: [409, 'This election has ended. No more tickets are given out.'],
  wrong_manifest: [
    409,
    'Your device holds another text of this election than we do. Load the page again; if this comes again, tell the election officer.',
  ],
  no_such_ticket: [422, 'There is no such ticket for you. Load the page again.'],
  twice: [400, 'The same ticket is asked for twice. Ask for each once.'],
  out_of_range: [
    422,
    'This request cannot be signed. Load the page again, so that your device makes a new one.',
  ],
  already_issued: [
    409,
    'Your ticket was already fetched, on another device or in another browser. Vote there. If you no longer have it, ask the election officer.',
  ],
})
