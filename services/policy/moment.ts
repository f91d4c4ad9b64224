/**
 * What policies read as `context.now` is our own clock, whatever whoever asks says of it. It is there for who asks for it by its name: as a whole the
 * context is what was said, so that a comparison with all of it holds whether another policy reads the clock or not.
 */
import { DateTime, type CedarRecord, type Value } from '@althing/kernel/cedar'

const name = 'now'

class Timed extends Map<string, Value> {
  whole(): CedarRecord {
    return without(this)
  }
}

function without(context: CedarRecord): CedarRecord {
  const others = new Map(context)
  others.delete(name)
  return others
}

/** Where no policy reads it, it is not there. */
export function atMoment(context: CedarRecord, now: Date | undefined): CedarRecord {
  if (now === undefined) return context.has(name) ? without(context) : context
  const timed = new Timed()
  for (const [one, value] of context) timed.set(one, value)
  return timed.set(name, new DateTime(now.getTime()))
}

/** The moment of a decision as it would stand in what was written of it. */
export const momentSeen = (at: Date) => ({ [name]: { __extn: { fn: 'datetime', arg: at.toISOString() } } })

/** Whether it is what is missing: nobody had to look at it, and it is known all the same. */
export const isMoment = (read: string): boolean => read === `context.${name}`

/** A context with its moment that was altered, or was written down. */
export const asTimed = (context: CedarRecord): CedarRecord =>
  context.has(name) ? new Timed(context) : context
