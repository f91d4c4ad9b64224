import type { Entitled } from './collecting.ts'
import type { Kept } from './drawer.ts'

/** In which of three lists an election stands, and what this person can do there on this device. */
export type When = 'open' | 'coming' | 'past'
export type Act = 'get' | 'again' | 'elsewhere' | 'results' | 'none'

export interface Place {
  readonly when: When
  readonly act: Act
  readonly paused: boolean
}

export function placeOf(entitled: Entitled, kept: Kept | undefined, now: Date): Place {
  const when = whenOf(entitled, now)
  return { when, act: actOf(entitled, kept, when), paused: entitled.status === 'paused' && when === 'open' }
}

/** The server's word comes first; the clock only says what is due while nobody has loaded the page again. */
function whenOf({ status, opensAt, closesAt }: Entitled, now: Date): When {
  if (['closed', 'tallied', 'archived', 'cancelled'].includes(status)) return 'past'
  if (closesAt !== null && new Date(closesAt) <= now) return 'past'
  if (status === 'open' || status === 'paused') return 'open'
  return opensAt !== null && new Date(opensAt) <= now ? 'open' : 'coming'
}

function actOf({ status, ticket }: Entitled, kept: Kept | undefined, when: When): Act {
  if (when === 'past') return status === 'cancelled' ? 'none' : 'results'
  if (kept?.ticket) return 'again'
  return ticket === 'issued' && kept === undefined ? 'elsewhere' : 'get'
}

/** Soonest end first; what is over, latest first. */
export function inOrder(list: readonly Entitled[], when: When): Entitled[] {
  const time = ({ opensAt, closesAt }: Entitled) =>
    new Date((when === 'coming' ? opensAt : closesAt) ?? '9999-12-31').getTime()
  const sign = when === 'past' ? -1 : 1
  return [...list].sort((a, b) => sign * (time(a) - time(b)))
}
