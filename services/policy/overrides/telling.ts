/**
 * Who has to hear of what was done with an override, as the fact that identity makes letters of. Emergency access is told each time. Of the others
 * nobody hears what was only asked for, and nobody is told what they did themselves: a fact that would be no letter is not sent.
 */
import { emergencyChanged, EmergencyChanged, overrideChanged, OverrideChanged } from '../contract.ts'
import type { Override } from './schema.ts'

interface Done {
  readonly by: string
  readonly at: Date
}

/** @returns topic and payload; null when nobody is written to */
export const factOf = (override: Override, done: Done) =>
  override.kind === 'emergency' ? emergencyFact(override, done) : overrideFact(override, done.by)

function emergencyFact({ id, subject, role, state, reason, until }: Override, { by, at }: Done) {
  const fact = {
    id,
    person: subject.id,
    role,
    state,
    reason,
    by,
    at: at.toISOString(),
    until: written(until),
  }
  return { topic: emergencyChanged, payload: EmergencyChanged.parse(fact) }
}

function overrideFact({ id, kind, subject, state, askedBy, decidedAt, until }: Override, by: string) {
  const person = subject.type === 'Person' ? subject.id : null
  if (state === 'asked') return null
  const was = state === 'ended' && decidedAt === null ? 'taken-back' : state
  // Whom it was to be for hears nothing of what was only asked for, and was not refused it either.
  const isFelt = person !== null && (was === 'in-force' || was === 'ended') && by !== `person:${person}`
  if (askedBy === by && !isFelt) return null
  const fact = { id, kind, state: was, person, askedBy, by, until: written(until) }
  return { topic: overrideChanged, payload: OverrideChanged.parse(fact) }
}

const written = (time: Date | null) => time?.toISOString() ?? null
