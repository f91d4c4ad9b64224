import { faults } from '@althing/kernel/errors'

/** Answers to elections: they become its `publication_problem`, so their codes are part of the API. */
export const fault = faults('events.rolls', {
  class_too_small: [
    409,
    'Fewer than five would vote together, so a result would say too much about each. Ask more people, or give the reason in writing.',
  ],
  eligibility_unknown: [
    409,
    'It cannot be decided from the directory who may vote by this rule. Choose the members.',
  ],
})
