import type { Db } from '@althing/kernel/db'
import { Erasure, ErasurePart } from './schema.ts'

const erasureColumns = `id, person, state, asked_by as "askedBy", reason, asked_at as "askedAt", due_at as "dueAt", ended_at as "endedAt"`

/** Owns the tables erasure and erasure_part. Whoever can write here can have an account erased. */
export function createErasureStore(db: Db) {
  async function erasureOf(text: string, params: readonly unknown[]): Promise<Erasure | null> {
    const [row] = await db.query(text, params)
    return row === undefined ? null : Erasure.parse(row)
  }

  return {
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
export type ErasureStore = ReturnType<typeof createErasureStore>
