import { faults } from '@althing/kernel/errors'

/** Below 500 the engine is not to blame, and its breaker does not count it: else one who asks odd questions would shut it for all. */
export const fault = faults('policy.external', {
  refused: [422, 'An engine outside does not take this question.'],
  too_large: [413, 'This question is too large for an engine outside.'],
  cut_short: [408, 'There was no time left to ask an engine outside.'],
  away: [502, 'An engine outside is not able to answer.'],
  unreadable: [502, 'An engine outside answers what is no decision.'],
  mixed_up: [502, 'An engine outside answers another question than it was asked.'],
})
