/**
 * A file is looked at first and applied second. The look shows everything that is wrong and everything that was read in another
 * way than it is written; applying is all or nothing, and doing it twice is doing it once.
 */
import type { Clock, Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import { differing, type Changed, type Member, type MemberWords } from '../member.ts'
import { readCsv } from './csv.ts'
import { fault } from './faults.ts'
import { saidOf } from './problems.ts'
import { readColumns, readRow, type ReadRow } from './reading.ts'
import type { Committed, Counts, Import, ImportId, Preview, StagedProblem, StagedRow } from './schema.ts'
import type { ImportStore } from './store.ts'

interface Parts {
  readonly store: ImportStore
  /** Nobody else writes to the register until this transaction ends. */
  readonly alone: () => Promise<void>
  readonly apply: (
    words: readonly MemberWords[],
    by: { readonly actor: string; readonly source: string },
  ) => Promise<Changed[]>
  readonly announce: (changes: readonly Changed[]) => Promise<void>
  readonly record: (by: {
    readonly actor: string
    readonly id: ImportId
    readonly counts: Counts
  }) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  /** Outside of any transaction: a slow upload must not hold one open. */
  readonly store: ImportStore
  readonly knownMembers: (kennitalas: readonly string[]) => Promise<Member[]>
  readonly atomically: Atomically<Parts>
}

const batch = 500
const shownRows = 20
/** All of them in any file that a person would correct by hand; beyond that the totals speak. */
const shownProblems = 10_000

export function createImports({ clock, ids, store, knownMembers, atomically }: Needs) {
  async function check(bytes: AsyncIterable<Uint8Array>, actor: string): Promise<Preview> {
    const id = ids.create('imp') as ImportId
    try {
      await stage(id, bytes, actor)
      await store.markTwice(id)
      await store.finish(id)
    } catch (error) {
      await store.drop(id)
      throw error
    }
    return preview(id)
  }

  async function stage(id: ImportId, bytes: AsyncIterable<Uint8Array>, actor: string): Promise<void> {
    const rows = readCsv(bytes)
    const header = await rows.next()
    if (header.done === true) throw fault.empty()
    const columns = readColumns(header.value)
    const at = clock.now()
    const today = at.toISOString().slice(0, 10)
    await store.begin(id, { actor, columns: columns.known, ignored: columns.ignored, at })
    let number = 1
    let waiting: ReadRow[] = []
    for await (const cells of rows) {
      number += 1
      const read = readRow(columns, number, cells, today)
      if (read !== null) waiting.push(read)
      if (waiting.length === batch) await stageBatch(id, waiting.splice(0))
    }
    if (waiting.length > 0) await stageBatch(id, waiting)
  }

  async function stageBatch(id: ImportId, read: readonly ReadRow[]): Promise<void> {
    const kennitalas = read.flatMap(({ kennitala }) => kennitala ?? [])
    const known = new Map((await knownMembers(kennitalas)).map((one) => [one.kennitala, one]))
    const staged = read.map((one) => stagedRow(one, known.get(one.kennitala ?? '') ?? null))
    await store.stage(
      id,
      staged,
      read.flatMap(({ problems }) => problems),
    )
  }

  async function preview(id: ImportId): Promise<Preview> {
    const found = await store.get(id)
    if (found === null || found.state === 'reading') throw fault.not_found()
    const { columns, ignored } = found
    const errors = await store.problems(id, true, shownProblems)
    const warnings = await store.problems(id, false, shownProblems)
    return {
      id,
      state: found.state,
      columns,
      ignoredColumns: ignored,
      counts: countsOf(found),
      rows: await store.rows(id, 0, shownRows),
      errors: errors.problems.map(problemOf),
      errorsTotal: errors.total,
      warnings: warnings.problems.map(warningOf),
      warningsTotal: warnings.total,
    }
  }

  async function commit(id: ImportId, actor: string): Promise<Committed> {
    const at = clock.now()
    return atomically(async ({ store, alone, apply, announce, record }) => {
      const taken = await store.take(id, at)
      if (taken === null) return answerAgain(await store.get(id))
      if (taken.wrong > 0) throw fault.has_errors()
      await alone()
      const counts = { ...countsOf(taken), new: 0, changed: 0, unchanged: 0 }
      for (let after = 0; ;) {
        const rows = await store.rows(id, after, batch)
        const last = rows.at(-1)
        if (last === undefined) break
        after = last.row
        const words = rows.flatMap(wordsOf)
        const changes = await apply(words, { actor, source: id })
        await announce(changes)
        const fresh = changes.filter(({ before }) => before === null).length
        counts.new += fresh
        counts.changed += changes.length - fresh
        counts.unchanged += words.length - changes.length
      }
      await store.setCounts(id, counts)
      await store.dropRows(id)
      await record({ actor, id, counts })
      return { id, counts, committedAt: at.toISOString() }
    })
  }

  return { check, preview, commit }
}
export type Imports = ReturnType<typeof createImports>

/** The register may have changed since the look: what is written is decided again, row by row, when it is applied. */
function wordsOf({ kennitala, words, outcome }: StagedRow): MemberWords[] {
  return kennitala === null || outcome === 'skipped' ? [] : [{ kennitala, ...words }]
}

function answerAgain(found: Import | null): Committed {
  if (found?.committedAt === undefined || found.committedAt === null) throw fault.not_found()
  return { id: found.id, counts: countsOf(found), committedAt: found.committedAt.toISOString() }
}

function stagedRow({ row, kennitala, words, isSkipped, problems }: ReadRow, known: Member | null): StagedRow {
  const base = { row, kennitala, words, fields: [] }
  if (problems.some(({ isError }) => isError) || kennitala === null) return { ...base, outcome: 'wrong' }
  if (isSkipped) return { ...base, outcome: 'skipped' }
  if (known === null) return { ...base, outcome: 'new' }
  const fields = differing(known, { kennitala, ...words })
  return { ...base, outcome: fields.length === 0 ? 'unchanged' : 'changed', fields }
}

function countsOf({ total, new: fresh, changed, unchanged, wrong, skipped }: Counts): Counts {
  return { total, new: fresh, changed, unchanged, wrong, skipped }
}

function problemOf({ row, field, code, otherRows }: StagedProblem) {
  const column = field === 'row' ? null : field
  return { row, column, code, message: saidOf(code), ...(otherRows === null ? {} : { otherRows }) }
}

function warningOf(problem: StagedProblem) {
  const { before, after } = problem
  return {
    ...problemOf(problem),
    ...(before === null ? {} : { before }),
    ...(after === null ? {} : { after }),
  }
}
