/**
 * An administrator by their own role ends anything before its time, but what they are denied themselves. Whoever does it with what was lent to them, or
 * because a policy lets them, ends no more than their rank: nothing of somebody who ranks above them, be it that they are denied or permitted it, have
 * asked for it or decided about it. What somebody made or asked for they take back, and what was given to them they give back.
 */
import { personIn } from '../caller.ts'
import { decidesAbout, rankAmong } from '../contract.ts'
import type { Ref } from '../known.ts'
import { fault } from './faults.ts'
import type { Override } from './schema.ts'

/** Whoever ends it; `isAlone`: an operator at the machine. */
interface By {
  readonly actor: string
  readonly person: string | null
  readonly roles: readonly string[]
  readonly isAlone: boolean
}

interface Needs {
  readonly rolesOf: (subject: Ref) => Promise<readonly string[] | null>
}

/** @throws Fault for_oneself, above, decided_above */
export const createEnders = ({ rolesOf }: Needs) =>
  async function mayEnd(one: Override, by: By): Promise<void> {
    if (one.kind === 'deny' && isFor(one, by)) throw fault.for_oneself()
    if (by.isAlone || decidesAbout('allow', by.roles) || isTheirs(one, by)) return
    const own = rankAmong(by.roles)
    for (const maker of one.state === 'asked' ? [one.askedBy] : [one.askedBy, one.decidedBy ?? one.askedBy]) {
      const theirs = one.isAlone ? null : await rolesOf({ type: 'Person', id: personIn(maker) ?? '' })
      // Of an operator, and of somebody who is not here any more, nobody knows that they ranked no higher.
      if (theirs === null || rankAmong(theirs) > own)
        throw one.state === 'asked' ? fault.above() : fault.decided_above()
    }
    if (rankAmong((await rolesOf(one.subject)) ?? []) > own) throw fault.above()
  }

const isFor = ({ subject }: Override, { person }: By): boolean =>
  subject.type === 'Person' && subject.id === person

function isTheirs(one: Override, by: By): boolean {
  const isOwn = one.askedBy === by.actor && (one.kind === 'deny' || one.state === 'asked')
  // Whoever could have agreed to it takes it away (emergency.ts).
  return isOwn || isFor(one, by) || (one.kind === 'emergency' && decidesAbout('emergency', by.roles))
}
