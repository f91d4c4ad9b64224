import { serverClock } from '@althing/web-ui/dom/clock.ts'
import { Refused, Unanswered } from '@althing/web-ui/dom/http.ts'
import * as api from './api.ts'
import type { Place, Places } from './place.ts'
import type { Shown } from './state-pill.tsx'
import { checkTicket, Distrusted, readPaper, type Distrust, type Paper } from './trust.ts'

/** Everything a page about one election stands on: what this device has, what the box says, and a paper that was checked. */
export interface Loaded {
  readonly place: Place | undefined
  readonly shown: Shown
  readonly paper: Paper
  /** The clock of the box. */
  readonly now: () => Date
}

export type LoadProblem = 'silence' | 'unknown' | 'storage' | Distrust

/** @throws Distrusted and whatever stopped it */
export async function load(election: string, places: Places, clock: () => Date): Promise<Loaded> {
  const place = await places.get(election)
  const sentAt = clock().getTime()
  const shown = await api.election(election)
  const now = serverClock(new Date(shown.server_time), sentAt, clock().getTime())
  const paper = await readPaper(election, await api.manifest(election))
  if (place?.ticket) await checkTicket(paper, place.ticket)
  return { place, shown, paper, now }
}

export function problemOf(error: unknown): LoadProblem {
  if (error instanceof Distrusted) return error.what
  if (error instanceof Refused) return error.status === 404 ? 'unknown' : 'silence'
  return error instanceof Unanswered ? 'silence' : 'storage'
}
