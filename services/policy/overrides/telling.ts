/**
 * Who has to hear of what was done with an override, as the fact that identity makes letters of. Emergency access is told each time. Of the others nobody
 * is told what they did themselves: a fact that would be no letter is not sent.
 */
import { wordsFor } from '../action-words.ts'
import { emergencyChanged, EmergencyChanged, overrideChanged, OverrideChanged } from '../contract.ts'
import type { Override } from './schema.ts'

interface Done {
  readonly by: string
  readonly at: Date
}

/** @returns topic and payload; null when nobody is written to */
export const factOf = (override: Override, done: Done) =>
  override.kind === 'emergency' ? emergencyFact(override, done) : overrideFact(override, done.by)

/** What somebody wanted, until somebody decided, and nobody did. */
const wasOnlyAsked = ({ state, decidedAt }: Override) => state === 'ended' && decidedAt === null

/** Nobody decided in time; or what let somebody ask has ended before that, and they are not told to ask for it again. */
const hasFallen = ({ state, endedAt }: Override) => state === 'lapsed' && endedAt !== null

function emergencyFact(override: Override, { by, at }: Done) {
  const { id, subject, role, state, reason, until, decideBy } = override
  // It was told until when it waits.
  if (state === 'lapsed' && !hasFallen(override)) return null
  const fact = {
    id,
    person: subject.id,
    role,
    state: hasFallen(override) ? 'fell' : wasOnlyAsked(override) ? 'taken-back' : state,
    reason,
    by,
    at: at.toISOString(),
    until: written(until),
    decideBy: written(decideBy),
  }
  return { topic: emergencyChanged, payload: EmergencyChanged.parse(fact) }
}

function overrideFact(override: Override, by: string) {
  const { id, kind, subject, actions, resource, askedBy, decideBy, until } = override
  const person = subject.type === 'Person' ? subject.id : null
  const state = hasFallen(override) ? 'fell' : wasOnlyAsked(override) ? 'taken-back' : override.state
  // Whom it was to be for hears nothing of what was only asked for, and was not refused it either.
  const isFelt = person !== null && (state === 'in-force' || state === 'ended') && by !== `person:${person}`
  if (state !== 'asked' && askedBy === by && !isFelt) return null
  // Why a loan was ended was written about the loan.
  const why = state === 'fell' ? null : (override.endedWhy ?? override.decidedWhy)
  const what = {
    kind,
    actions,
    words: wordsFor(actions),
    resource,
    until: written(until),
    decideBy: written(decideBy),
  }
  const fact = { id, ...what, state, person, askedBy, by, why }
  return { topic: overrideChanged, payload: OverrideChanged.parse(fact) }
}

const written = (time: Date | null) => time?.toISOString() ?? null
