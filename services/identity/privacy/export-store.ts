import type { Db } from '@althing/kernel/db'
import { Export } from './schema.ts'

const exportColumns = `id, account, state, done, parts, asked_at as "askedAt", ready_at as "readyAt", ends_at as "endsAt", shown_until as "shownUntil"`

interface NewExport {
  readonly id: string
  readonly account: string
  readonly passphrase: Uint8Array
  readonly parts: number
  readonly now: Date
  readonly notSince: Date
  readonly endsAt: Date
  readonly shownUntil: Date
}

/** Owns the table data_export. Whoever can write here can have somebody take along the archive of another. */
export function createExportStore(db: Db) {
  return {
    /** False when one was asked for since; of two at once the second waits for the first. */
    async beginExport(one: NewExport): Promise<boolean> {
      await db.query(`select pg_advisory_xact_lock(hashtextextended('export:' || $1, 0))`, [one.account])
      const rows = await db.query(
        `insert into data_export (id, account, state, passphrase, parts, asked_at, ends_at, shown_until)
         select $1, $2, 'waiting', $3, $4, $5, $6, $8
          where not exists (select from data_export where account = $2 and state <> 'failed' and asked_at > $7)
         returning id`,
        [one.id, one.account, one.passphrase, one.parts, one.now, one.endsAt, one.notSince, one.shownUntil],
      )
      return rows.length === 1
    },

    async latestExport(account: string): Promise<Export | null> {
      const [row] = await db.query(
        `select ${exportColumns} from data_export where account = $1 order by asked_at desc limit 1`,
        [account],
      )
      return row === undefined ? null : Export.parse(row)
    },

    async exportById(id: string): Promise<(Export & { readonly passphrase: Uint8Array | null }) | null> {
      const [row] = await db.query<{ passphrase: Uint8Array | null }>(
        `select ${exportColumns}, passphrase from data_export where id = $1`,
        [id],
      )
      return row === undefined ? null : { ...Export.parse(row), passphrase: row.passphrase }
    },

    async progress(id: string, done: number): Promise<void> {
      await db.query('update data_export set done = $2 where id = $1', [id, done])
    },

    /** The passphrase goes when the archive comes, or as soon after as nobody may look at it any more. False when the job ran twice. */
    async finishExport(id: string, archive: Uint8Array, now: Date, endsAt: Date): Promise<boolean> {
      const rows = await db.query(
        `update data_export set state = 'ready', passphrase = case when shown_until > $3 then passphrase end, done = parts, archive = $2, ready_at = $3, ends_at = $4
          where id = $1 and state = 'waiting' returning id`,
        [id, archive, now, endsAt],
      )
      return rows.length === 1
    },

    async failExport(id: string): Promise<void> {
      await db.query(
        `update data_export set state = 'failed', passphrase = null, shown_until = null where id = $1 and state = 'waiting'`,
        [id],
      )
    },

    /** To its owner, while it may be looked at. */
    async passphrase(id: string, account: string, now: Date): Promise<Uint8Array | null> {
      const [row] = await db.query<{ passphrase: Uint8Array | null }>(
        'select passphrase from data_export where id = $1 and account = $2 and shown_until > $3',
        [id, account, now],
      )
      return row?.passphrase ?? null
    },

    /** They have it: it is gone from here, or goes with the making of the archive. */
    async hidePassphrase(id: string, account: string): Promise<void> {
      await db.query(
        `update data_export set shown_until = null, passphrase = case when state = 'waiting' then passphrase end
          where id = $1 and account = $2`,
        [id, account],
      )
    },

    /** Only to its owner, and only while the link is good. */
    async archive(id: string, account: string, now: Date): Promise<Uint8Array | null> {
      const [row] = await db.query<{ archive: Uint8Array }>(
        `update data_export set fetched_at = $3
          where id = $1 and account = $2 and state = 'ready' and ends_at > $3 returning archive`,
        [id, account, now],
      )
      return row?.archive ?? null
    },

    async sweepExports(now: Date): Promise<void> {
      await db.query('delete from data_export where ends_at <= $1', [now])
      await db.query(
        `update data_export set passphrase = null, shown_until = null
          where state = 'ready' and passphrase is not null and (shown_until is null or shown_until <= $1)`,
        [now],
      )
    },
  }
}
export type ExportStore = ReturnType<typeof createExportStore>
