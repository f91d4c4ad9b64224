/** Owns the audit tables. Whoever can write here can add entries in anybody's name; see verify.ts for what cannot be hidden. */
import { utf8 } from '../crypto/bytes.ts'
import type { PersonKeyStore } from '../crypto/personkeys.ts'
import type { Db } from '../db/index.ts'
import type { StoredTile, TilePlace } from '../merkle/tilestore.ts'
import type { Outcome, StoredEntry } from './entry.ts'

const entryColumns = `e.id, e.at, e.action, e.actor, e.on_behalf_of as "onBehalfOf", e.target_type as "targetType",
  e.target_id as "targetId", e.reason, e.outcome, e.fields, e.correlation,
  e.personal_subject as "personalSubject", e.personal`

export interface Leaf {
  readonly index: number
  readonly entry: string
  readonly hash: Uint8Array
}

export interface LeafAndEntry {
  readonly index: number
  readonly hash: Uint8Array
  /** Null when the entry is gone, which no honest writer can do. */
  readonly entry: StoredEntry | null
}

export interface StoredCheckpoint {
  readonly size: number
  readonly note: string
}

export interface AuditFilter {
  readonly action?: string | undefined
  readonly actor?: string | undefined
  readonly target?: { readonly type: string; readonly id: string } | undefined
  /** Any of these. */
  readonly targets?: readonly { readonly type: string; readonly id: string }[] | undefined
  /** All but those whose action begins so, and that ended so: they are told elsewhere. */
  readonly without?: { readonly prefixes: readonly string[]; readonly outcome: Outcome } | undefined
  /** Only entries before this one, for the next page. */
  readonly before?: { readonly at: Date; readonly id: string } | undefined
  readonly limit?: number | undefined
}

export function createAuditStore(db: Db) {
  return {
    /** Entry and its place in the queue in one statement: never one without the other. */
    async insert(e: StoredEntry): Promise<void> {
      await db.query(
        `with written as (
           insert into audit_entry (id, at, action, actor, on_behalf_of, target_type, target_id, reason, outcome,
                                    fields, correlation, personal_subject, personal)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id)
         insert into audit_pending (entry) select id from written`,
        [
          e.id,
          e.at,
          e.action,
          e.actor,
          e.onBehalfOf,
          e.targetType,
          e.targetId,
          e.reason,
          e.outcome,
          e.fields,
          e.correlation,
          e.personalSubject,
          e.personal === null ? null : Buffer.from(e.personal),
        ],
        { name: 'audit_insert' },
      )
    },

    /** One integrator at a time, whatever the number of nodes; ends with the transaction. */
    async lock(): Promise<void> {
      await db.query('select pg_advisory_xact_lock(2584466)')
    },

    /**
     * What was committed and has no place yet. An entry whose transaction is still open is invisible here and comes with a
     * later batch, so indexes are dense and nothing is skipped, which a sequence could not promise.
     */
    async takePending(limit: number): Promise<StoredEntry[]> {
      return db.query<StoredEntry>(
        `with taken as (
           delete from audit_pending where entry in (select entry from audit_pending limit $1) returning entry)
         select ${entryColumns} from audit_entry e join taken on taken.entry = e.id order by e.at, e.id`,
        [limit],
      )
    },

    /** One quick question for the idle turn: is there an entry without a place, or a place without a signature? */
    async isBehind(): Promise<boolean> {
      const [row] = await db.query<{ behind: boolean }>(
        `select exists (select from audit_pending)
             or (select max(index) + 1 from audit_leaf) is distinct from (select max(size) from audit_checkpoint) as behind`,
      )
      return row?.behind ?? false
    },

    async size(): Promise<number> {
      const [row] = await db.query<{ size: number }>(
        'select coalesce(max(index) + 1, 0) as size from audit_leaf',
      )
      return row?.size ?? 0
    },

    async insertLeaves(leaves: readonly Leaf[]): Promise<void> {
      await db.query(
        'insert into audit_leaf (index, entry, hash) select * from unnest($1::bigint[], $2::uuid[], $3::bytea[])',
        [
          leaves.map(({ index }) => index),
          leaves.map(({ entry }) => entry),
          leaves.map(({ hash }) => Buffer.from(hash)),
        ],
      )
    },

    async tiles(places: readonly TilePlace[]): Promise<StoredTile[]> {
      return db.query<StoredTile>(
        `select t.level, t.index, t.hashes from audit_tile t
           join unnest($1::smallint[], $2::bigint[]) as wanted (level, index) using (level, index)`,
        [places.map(({ level }) => level), places.map(({ index }) => index)],
      )
    },

    async allTiles(): Promise<StoredTile[]> {
      return db.query<StoredTile>('select level, index, hashes from audit_tile order by level, index')
    },

    async putTiles(tiles: readonly StoredTile[]): Promise<void> {
      await db.query(
        `insert into audit_tile (level, index, hashes) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
           on conflict (level, index) do update set hashes = excluded.hashes`,
        [
          tiles.map(({ level }) => level),
          tiles.map(({ index }) => index),
          tiles.map(({ hashes }) => Buffer.from(hashes)),
        ],
      )
    },

    async lastCheckpoint(): Promise<StoredCheckpoint | null> {
      const [row] = await db.query<StoredCheckpoint>(
        'select size, note from audit_checkpoint order by size desc limit 1',
      )
      return row ?? null
    },

    async checkpoints(): Promise<StoredCheckpoint[]> {
      return db.query<StoredCheckpoint>('select size, note from audit_checkpoint order by size')
    },

    async insertCheckpoint({ size, note }: StoredCheckpoint): Promise<void> {
      await db.query('insert into audit_checkpoint (size, note) values ($1, $2)', [size, note])
    },

    /** In order of the tree, a page at a time. */
    async leavesFrom(index: number, limit: number): Promise<LeafAndEntry[]> {
      const rows = await db.query<StoredEntry & { index: number; hash: Uint8Array; found: boolean }>(
        `select l.index, l.hash, e.id is not null as found, ${entryColumns}
           from audit_leaf l left join audit_entry e on e.id = l.entry
          where l.index >= $1 order by l.index limit $2`,
        [index, limit],
      )
      return rows.map(({ index, hash, found, ...entry }) => ({ index, hash, entry: found ? entry : null }))
    },

    /** Entries that are neither in the tree nor waiting for it: somebody reached past `record`. */
    async strays(): Promise<string[]> {
      const rows = await db.query<{ id: string }>(
        `select e.id from audit_entry e
          where not exists (select from audit_leaf where entry = e.id)
            and not exists (select from audit_pending where entry = e.id) limit 1`,
      )
      return rows.map(({ id }) => id)
    },

    async placed(id: string): Promise<LeafAndEntry | null> {
      const [row] = await db.query<StoredEntry & { index: number; hash: Uint8Array }>(
        `select l.index, l.hash, ${entryColumns} from audit_leaf l join audit_entry e on e.id = l.entry where e.id = $1`,
        [id],
      )
      if (row === undefined) return null
      const { index, hash, ...entry } = row
      return { index, hash, entry }
    },

    async entry(id: string): Promise<StoredEntry | null> {
      const [row] = await db.query<StoredEntry>(`select ${entryColumns} from audit_entry e where id = $1`, [
        id,
      ])
      return row ?? null
    },

    /** Newest first. */
    async search(filter: AuditFilter): Promise<StoredEntry[]> {
      const { text, values } = searching(filter)
      return db.query<StoredEntry>(text, values)
    },
  }
}

/**
 * Of what was not said there is nothing in the question: with "or it was not said" in it no index would serve. Each target is looked up
 * by itself, so that the log is never read to its end for somebody to whom little happened.
 */
function searching({ action, actor, target, targets, without, before, limit = 50 }: AuditFilter) {
  const values: unknown[] = []
  const given = (value: unknown) => `$${values.push(value)}`
  const most = given(limit)
  const said = [
    ...(action === undefined ? [] : [`e.action = ${given(action)}`]),
    ...(actor === undefined ? [] : [`e.actor = ${given(actor)}`]),
    ...(before === undefined ? [] : [`(e.at, e.id) < (${given(before.at)}, ${given(before.id)})`]),
    ...(without === undefined
      ? []
      : [
          `(e.outcome <> ${given(without.outcome)} or not e.action like any (${given(without.prefixes.map((prefix) => `${prefix}%`))}))`,
        ]),
  ]
  const latest = (conditions: readonly string[]) =>
    `select ${entryColumns} from audit_entry e ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
      order by e.at desc, e.id desc limit ${most}`
  const every = targets ?? (target === undefined ? undefined : [target])
  if (every === undefined) return { text: latest(said), values }
  const wanted = `unnest(${given(every.map(({ type }) => type))}::text[], ${given(every.map(({ id }) => id))}::text[])`
  const ofTarget = ['e.target_type = wanted.type', 'e.target_id = wanted.id']
  return {
    text: `select of_one.* from (select distinct * from ${wanted} as t (type, id)) as wanted
            cross join lateral (${latest([...ofTarget, ...said])}) as of_one
            order by of_one.at desc, of_one.id desc limit ${most}`,
    values,
  }
}

/** Owns person_key. Whoever can write here can erase people, not read them. */
export function createPersonKeyStore(db: Db): PersonKeyStore {
  async function find(subject: string) {
    const [row] = await db.query<{ wrapped: Uint8Array | null }>(
      'select wrapped from person_key where subject = $1',
      [subject],
    )
    return row === undefined ? null : (row.wrapped ?? 'destroyed')
  }

  return {
    find,
    /** Of two first writers the second waits for the first and takes its key. */
    async insert(subject, wrapped) {
      await db.query('insert into person_key (subject, wrapped) values ($1, $2) on conflict do nothing', [
        subject,
        Buffer.from(wrapped),
      ])
      return (await find(subject)) ?? 'destroyed'
    },
    async replace(subject, from, to) {
      const rows = await db.query(
        'update person_key set wrapped = $3 where subject = $1 and wrapped = $2 returning subject',
        [subject, Buffer.from(from), Buffer.from(to)],
      )
      return rows.length === 1
    },
    /** A person without a key is remembered as destroyed too, so that none is made for them later. */
    async destroy(subject) {
      const rows = await db.query(
        'update person_key set wrapped = null where subject = $1 and wrapped is not null returning subject',
        [subject],
      )
      if (rows.length === 1) return true
      await db.query('insert into person_key (subject, wrapped) values ($1, null) on conflict do nothing', [
        subject,
      ])
      return false
    },
  }
}

/** A sealed value opens beside its own entry only. */
export const personalPlace = (entryId: string) => utf8(`audit/${entryId}`)
