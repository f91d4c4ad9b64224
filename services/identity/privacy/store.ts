import type { Db } from '@althing/kernel/db'
import { Erasure, ErasurePart, Export } from './schema.ts'

const exportColumns = `id, account, state, done, parts, asked_at as "askedAt", ready_at as "readyAt", ends_at as "endsAt"`
const erasureColumns = `id, person, state, asked_by as "askedBy", reason, asked_at as "askedAt", due_at as "dueAt", ended_at as "endedAt"`

interface NewExport {
  readonly id: string
  readonly account: string
  readonly passphrase: Uint8Array
  readonly parts: number
  readonly now: Date
  readonly notSince: Date
  readonly endsAt: Date
}

/** Owns the tables data_export, erasure and erasure_part. Whoever can write here can have an account erased. */
export function createPrivacyStore(db: Db) {
  async function erasureOf(text: string, params: readonly unknown[]): Promise<Erasure | null> {
    const [row] = await db.query(text, params)
    return row === undefined ? null : Erasure.parse(row)
  }

  return {
    /** False when one was asked for since; of two at once the second waits for the first. */
    async beginExport(one: NewExport): Promise<boolean> {
      await db.query(`select pg_advisory_xact_lock(hashtextextended('export:' || $1, 0))`, [one.account])
      const rows = await db.query(
        `insert into data_export (id, account, state, passphrase, parts, asked_at, ends_at)
         select $1, $2, 'waiting', $3, $4, $5, $6
          where not exists (select from data_export where account = $2 and state <> 'failed' and asked_at > $7)
         returning id`,
        [one.id, one.account, one.passphrase, one.parts, one.now, one.endsAt, one.notSince],
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

    /** The passphrase goes when the archive comes. False when the job ran twice. */
    async finishExport(id: string, archive: Uint8Array, now: Date, endsAt: Date): Promise<boolean> {
      const rows = await db.query(
        `update data_export set state = 'ready', passphrase = null, done = parts, archive = $2, ready_at = $3, ends_at = $4
          where id = $1 and state = 'waiting' returning id`,
        [id, archive, now, endsAt],
      )
      return rows.length === 1
    },

    async failExport(id: string): Promise<void> {
      await db.query(
        `update data_export set state = 'failed', passphrase = null where id = $1 and state = 'waiting'`,
        [id],
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
    },

    /** False when one is under way. */
    async askErasure(one: Omit<Erasure, 'state' | 'endedAt'>): Promise<boolean> {
      const rows = await db.query(
        `insert into erasure (id, person, state, asked_by, reason, asked_at, due_at)
         values ($1, $2, 'waiting', $3, $4, $5, $6)
         on conflict (person) where state in ('waiting', 'erasing') do nothing returning id`,
        [one.id, one.person, one.askedBy, one.reason, one.askedAt, one.dueAt],
      )
      return rows.length === 1
    },

    async cancelErasure(person: string, now: Date): Promise<boolean> {
      const rows = await db.query(
        `update erasure set state = 'cancelled', ended_at = $2
          where person = $1 and state = 'waiting' and due_at > $2 returning id`,
        [person, now],
      )
      return rows.length === 1
    },

    openErasure: (person: string) =>
      erasureOf(
        `select ${erasureColumns} from erasure where person = $1 and state in ('waiting', 'erasing')`,
        [person],
      ),

    async due(now: Date): Promise<(Erasure & { readonly saidAt: Date | null })[]> {
      const rows = await db.query<{ saidAt: Date | null }>(
        `select ${erasureColumns}, said_at as "saidAt" from erasure
          where state = 'waiting' and due_at <= $1 and coalesce(next_at, $1) <= $1 order by due_at limit 100`,
        [now],
      )
      return rows.map((row) => ({ ...Erasure.parse(row), saidAt: row.saidAt }))
    },

    async farewellSaid(id: string, now: Date): Promise<void> {
      await db.query('update erasure set said_at = $2 where id = $1', [id, now])
    },

    /** It failed: the others go on, and this one is tried again then. */
    async putOff(id: string, until: Date): Promise<void> {
      await db.query(`update erasure set next_at = $2 where id = $1 and state = 'waiting'`, [id, until])
    },

    /** Whoever could leave nobody behind who may do everything waits for whoever else could. Until commit. */
    async aloneAmongSuperadmins(): Promise<void> {
      await db.query(`select pg_advisory_xact_lock(hashtext('identity.last-superadmin'))`)
    },

    /** False when it is not waiting any more; whoever calls it off at this moment comes before or after, never between. */
    async beginErasing(id: string, services: readonly string[], now: Date): Promise<boolean> {
      const rows = await db.query(
        `update erasure set state = 'erasing' where id = $1 and state = 'waiting' returning id`,
        [id],
      )
      if (rows.length === 0) return false
      await db.query(
        'insert into erasure_part (erasure, service, told_at) select $1, unnest($2::text[]), $3',
        [id, services, now],
      )
      return true
    },

    /** Twice is once. The last one ends it. */
    async confirm(person: string, service: string, now: Date): Promise<void> {
      await db.query(
        `update erasure_part set confirmed_at = coalesce(confirmed_at, $3)
          where service = $2 and erasure in (select id from erasure where person = $1 and state = 'erasing' for update)`,
        [person, service, now],
      )
      await db.query(
        `update erasure e set state = 'done', ended_at = $2
          where person = $1 and state = 'erasing'
            and not exists (select from erasure_part p where p.erasure = e.id and p.confirmed_at is null)`,
        [person, now],
      )
    },

    async listErasures(): Promise<Erasure[]> {
      const rows = await db.query(
        `select ${erasureColumns} from erasure order by asked_at desc, id limit 200`,
      )
      return rows.map((row) => Erasure.parse(row))
    },

    async partsOf(erasure: string): Promise<ErasurePart[]> {
      const rows = await db.query(
        'select service, confirmed_at as "confirmedAt" from erasure_part where erasure = $1 order by service',
        [erasure],
      )
      return rows.map((row) => ErasurePart.parse(row))
    },

    /** Those that were told and have been silent since: they are told again. */
    async retell(
      before: Date,
      now: Date,
    ): Promise<readonly { readonly erasure: string; readonly person: string; readonly service: string }[]> {
      return db.query(
        `update erasure_part p set told_at = $2 from erasure e
          where e.id = p.erasure and e.state = 'erasing' and p.confirmed_at is null and p.told_at < $1
        returning p.erasure, e.person, p.service`,
        [before, now],
      )
    },
  }
}
export type PrivacyStore = ReturnType<typeof createPrivacyStore>
