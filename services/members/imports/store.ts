import type { Db } from '@althing/kernel/db'
import { Import, StagedProblem, StagedRow, type Counts, type ImportId } from './schema.ts'

const columns = `id, actor, state, columns, ignored, total, new, changed, unchanged, wrong, skipped, committed_at as "committedAt"`
const problemColumns = `row, field, code, is_error as "isError", before, after, other_rows as "otherRows"`

/**
 * Owns member_import, member_import_row and member_import_problem. Whoever can write here changes what an administrator looked
 * at between preview and commit.
 */
export function createImportStore(db: Db) {
  return {
    async begin(
      id: ImportId,
      about: { actor: string; columns: readonly string[]; ignored: readonly string[]; at: Date },
    ) {
      await db.query(
        `insert into member_import (id, actor, state, columns, ignored, created_at) values ($1, $2, 'reading', $3, $4, $5)`,
        [id, about.actor, about.columns, about.ignored, about.at],
      )
    },

    async stage(id: ImportId, rows: readonly StagedRow[], problems: readonly StagedProblem[]): Promise<void> {
      await db.query(
        `insert into member_import_row (import, row, kennitala, words, outcome, fields)
         select $1, row, kennitala, words, outcome, fields
           from jsonb_to_recordset($2::jsonb) as r (row int, kennitala text, words jsonb, outcome text, fields text[])`,
        [id, JSON.stringify(rows)],
      )
      if (problems.length > 0) await this.stageProblems(id, problems)
    },

    async stageProblems(id: ImportId, problems: readonly StagedProblem[]): Promise<void> {
      await db.query(
        `insert into member_import_problem (import, row, field, code, is_error, before, after, other_rows)
         select $1, row, field, code, "isError", before, after, "otherRows"
           from jsonb_to_recordset($2::jsonb)
             as r (row int, field text, code text, "isError" boolean, before text, after text, "otherRows" int[])
         on conflict do nothing`,
        [id, JSON.stringify(problems)],
      )
    },

    /** Rows that name somebody who stands in another row too become wrong, each naming the others (twenty at most). */
    async markTwice(id: ImportId): Promise<void> {
      await db.query(
        `with twice as (select kennitala, array_agg(row order by row) as rows from member_import_row
                         where import = $1 and kennitala is not null group by kennitala having count(*) > 1),
              marked as (update member_import_row r set outcome = 'wrong', fields = '{}' from twice t
                          where r.import = $1 and r.kennitala = t.kennitala returning r.row, t.rows)
         insert into member_import_problem (import, row, field, code, is_error, other_rows)
         select $1, row, 'kennitala', 'kennitala_twice', true, (array_remove(rows, row))[1:20] from marked`,
        [id],
      )
    },

    async finish(id: ImportId): Promise<void> {
      await db.query(
        `update member_import i set state = 'checked', total = c.total, new = c.new, changed = c.changed,
                unchanged = c.unchanged, wrong = c.wrong, skipped = c.skipped
           from (select count(*) as total, count(*) filter (where outcome = 'new') as new,
                        count(*) filter (where outcome = 'changed') as changed,
                        count(*) filter (where outcome = 'unchanged') as unchanged,
                        count(*) filter (where outcome = 'wrong') as wrong,
                        count(*) filter (where outcome = 'skipped') as skipped
                   from member_import_row where import = $1) as c
          where i.id = $1`,
        [id],
      )
    },

    async get(id: ImportId): Promise<Import | null> {
      const [row] = await db.query(
        `select ${columns} from member_import where id = $1 and state <> 'reading'`,
        [id],
      )
      return row === undefined ? null : Import.parse(row)
    },

    /** Of two commits at once the second waits here, and then finds that there is nothing left to do. */
    async take(id: ImportId, at: Date): Promise<Import | null> {
      const [row] = await db.query(
        `update member_import set state = 'committed', committed_at = $2 where id = $1 and state = 'checked' returning ${columns}`,
        [id, at],
      )
      return row === undefined ? null : Import.parse(row)
    },

    async setCounts(id: ImportId, { total, new: fresh, changed, unchanged, wrong, skipped }: Counts) {
      await db.query(
        `update member_import set total = $2, new = $3, changed = $4, unchanged = $5, wrong = $6, skipped = $7 where id = $1`,
        [id, total, fresh, changed, unchanged, wrong, skipped],
      )
    },

    async rows(id: ImportId, after: number, limit: number): Promise<StagedRow[]> {
      const rows = await db.query(
        `select row, kennitala, words, outcome, fields from member_import_row
          where import = $1 and row > $2 order by row limit $3`,
        [id, after, limit],
      )
      return rows.map((row) => StagedRow.parse(row))
    },

    async problems(id: ImportId, isError: boolean, limit: number) {
      const rows = await db.query(
        `select ${problemColumns} from member_import_problem
          where import = $1 and is_error = $2 order by row, field, code limit $3`,
        [id, isError, limit],
      )
      const [counted] = await db.query<{ count: number }>(
        'select count(*) as count from member_import_problem where import = $1 and is_error = $2',
        [id, isError],
      )
      return { problems: rows.map((row) => StagedProblem.parse(row)), total: counted?.count ?? 0 }
    },

    /** The values of people; that there was an import, and its counts, stay. */
    async dropRows(id: ImportId): Promise<void> {
      await db.query('delete from member_import_row where import = $1', [id])
      await db.query('delete from member_import_problem where import = $1', [id])
    },

    async drop(id: ImportId): Promise<void> {
      await db.query('delete from member_import where id = $1', [id])
    },

    async dropOlderThan(at: Date): Promise<void> {
      await db.query(`delete from member_import where state <> 'committed' and created_at < $1`, [at])
    },
  }
}
export type ImportStore = ReturnType<typeof createImportStore>
