import type { Status } from '@althing/elections/contract'
import type { Place } from './place.ts'

/** What this device and the election together allow. */
export type Phase = 'no ticket' | 'unknown' | 'not yet' | 'paused' | 'over' | 'cancelled' | 'open'

const byStatus: Readonly<Record<Status, Phase>> = {
  draft: 'not yet',
  published: 'not yet',
  open: 'open',
  paused: 'paused',
  closed: 'over',
  tallied: 'over',
  archived: 'over',
  cancelled: 'cancelled',
}

/** A ballot whose answer is missing comes before everything: that question has to be settled first. */
export function phaseOf(place: Place | undefined, status: Status): Phase {
  if (place?.waiting) return 'unknown'
  const phase = byStatus[status]
  return phase !== 'over' && phase !== 'cancelled' && !place?.ticket ? 'no ticket' : phase
}
