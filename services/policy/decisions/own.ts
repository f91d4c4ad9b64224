import type { Stored } from './schema.ts'

type Made = Pick<Stored, 'decision' | 'determining' | 'errors' | 'outside'>

/** What our own policies decided, where engines outside were asked: only what ours allow is anybody asked about. */
export const ownPart = <T extends Made>(row: T): T =>
  row.outside === null ? row : { ...row, decision: true, determining: row.outside.own, errors: [] }
