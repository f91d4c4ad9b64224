/**
 * What was decided, for those who look after it: the latest first, one with all that it was made of, or all of them to take along. Whoever
 * looks leaves a line in the audit log themselves.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { z } from 'zod'
import { isWhole } from '../known.ts'
import { csvHead, csvLine } from './csv.ts'
import { fault } from './faults.ts'
import { readPlace, writePlace } from './places.ts'
import type { Filter, Listing, Replayable, Stored, Told, ToldPage, ToldWhole } from './schema.ts'
import type { DecisionStore } from './store.ts'

interface Needs {
  readonly store: Pick<DecisionStore, 'list' | 'one'>
  readonly record: (entry: AuditEntry) => Promise<void>
}

const exportedAtOnce = 500

export function createDecisionReading({ store, record }: Needs) {
  async function list({ cursor, limit, ...filter }: Listing, by: string): Promise<z.output<typeof ToldPage>> {
    const before = cursor === undefined ? null : readPlace(cursor)
    await record(lineOf('decisions.read', filter, by))
    const rows = await store.list(filter, before, limit + 1)
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return { decisions: shown.map(toldOf), next: last === undefined ? null : writePlace(last) }
  }

  /** @throws Fault policy.decisions.not_found */
  async function show(id: string, by: string): Promise<z.output<typeof ToldWhole>> {
    const row = await store.one(id)
    if (row === null) throw fault.not_found()
    await record({
      action: 'decisions.read',
      actor: by,
      target: { type: 'Decision', id },
      outcome: 'done',
      fields: ['seen'],
    })
    const { seen, batch, place } = row
    return { ...toldOf(row), seen, replayable: replayableOf(row), batch, place }
  }

  /** Never more of it in memory than a page; the line in the audit log is there before the first byte. */
  async function exported(
    filter: Filter,
    format: 'ndjson' | 'csv',
    by: string,
  ): Promise<AsyncIterable<string>> {
    await record(lineOf('decisions.exported', filter, by))
    return lines(filter, format)
  }

  async function* lines(filter: Filter, format: 'ndjson' | 'csv'): AsyncGenerator<string> {
    if (format === 'csv') yield csvHead
    let before: Stored | null = null
    for (;;) {
      const rows: readonly Stored[] = await store.list(filter, before, exportedAtOnce)
      const write = format === 'csv' ? csvLine : jsonLine
      if (rows.length > 0) yield rows.map(write).join('')
      if (rows.length < exportedAtOnce) return
      before = rows.at(-1) ?? null
    }
  }

  return { list, show, exported }
}
export type DecisionReading = ReturnType<typeof createDecisionReading>

/** The names of what was asked for; of whom, when it was somebody. */
function lineOf(action: string, { subject, ...filter }: Filter, by: string): AuditEntry {
  const names = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return {
    action,
    actor: by,
    ...(subject === undefined ? {} : { target: subject }),
    outcome: 'done',
    fields: names,
  }
}

function replayableOf({ seen }: Pick<Stored, 'seen'>): z.output<typeof Replayable> {
  if (seen === null) return 'forgotten'
  return isWhole(seen) ? 'yes' : 'redacted'
}

function toldOf(row: Stored): Told {
  const { id, at, caller, request, subject, action, resource, decision, determining, errors } = row
  const { policies, world, digest, cached, microseconds, outside } = row
  const asked = { id, at: at.toISOString(), caller, request, subject, action, resource }
  return { ...asked, decision, determining, errors, policies, world, digest, cached, microseconds, outside }
}

const jsonLine = (row: Stored): string =>
  `${JSON.stringify({ ...toldOf(row), seen: row.seen, replayable: replayableOf(row), batch: row.batch, place: row.place })}\n`
