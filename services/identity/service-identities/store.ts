import type { Db } from '@althing/kernel/db'
import { Key, ServiceIdentity, ShownKey } from './schema.ts'

const columns = `id, kind, name, purpose, owner_kind as "ownerKind", owner, stamp, made_at as "madeAt", disabled_at as "disabledAt"`
const keyColumns = `id, identity, scopes, resources, networks,
  case when hour_from is not null then array[hour_from, hour_to] end as hours, made_at as "madeAt", ends_at as "endsAt",
  rotated_at as "rotatedAt", revoked_at as "revokedAt", used_at as "usedAt"`
const isLive = `revoked_at is null and ends_at > `

/** Owns service_identity and api_key. Whoever can write here can let a program in again that was shut out. */
export function createServiceIdentityStore(db: Db) {
  return { ...reading(db), ...writing(db), ...keeping(db) }
}
export type ServiceIdentityStore = ReturnType<typeof createServiceIdentityStore>

function reading(db: Db) {
  return {
    async byId(id: string): Promise<ServiceIdentity | null> {
      const [row] = await db.query(`select ${columns} from service_identity where id = $1`, [id])
      return row === undefined ? null : ServiceIdentity.parse(row)
    },

    /** By id, those after the one that is said. */
    async list(search: string, after: string, most: number): Promise<ServiceIdentity[]> {
      const rows = await db.query(
        `select ${columns} from service_identity
          where ($1 = '' or strpos(lower(id || ' ' || name || ' ' || purpose), lower($1)) > 0) and id > $2
          order by id limit $3`,
        [search, after, most],
      )
      return rows.map((row) => ServiceIdentity.parse(row))
    },

    /** Those that are over stay in sight for as long as they are kept. */
    async keysOf(identities: readonly string[]): Promise<Key[]> {
      const rows = await db.query(
        `select ${keyColumns} from api_key where identity = any($1) order by made_at desc, id`,
        [[...identities]],
      )
      return rows.map((row) => Key.parse(row))
    },

    /** Asked at every use; null when it is over, or its identity is disabled. */
    async shown(id: string, now: Date): Promise<ShownKey | null> {
      const [row] = await db.query<Record<string, unknown>>(
        `select ${keyColumns}, hash from api_key where id = $1 and ${isLive} $2`,
        [id, now],
        { name: 'api-key-shown' },
      )
      if (row === undefined) return null
      const { hash, ...key } = row
      const [identity] = await db.query(
        `select ${columns} from service_identity where id = $1 and disabled_at is null`,
        [key['identity']],
        { name: 'api-key-identity' },
      )
      return identity === undefined ? null : ShownKey.parse({ key, hash, identity })
    },

    /** To the hour: what was noted within the last one is not noted again. */
    async touch(id: string, now: Date): Promise<void> {
      await db.query(
        `update api_key set used_at = $2 where id = $1 and (used_at is null or used_at <= $2::timestamptz - interval '1 hour')`,
        [id, now],
        { name: 'api-key-touch' },
      )
    },
  }
}

type NewIdentity = Omit<ServiceIdentity, 'stamp' | 'disabledAt'>

function writing(db: Db) {
  return {
    async add({ id, kind, name, purpose, ownerKind, owner, madeAt }: NewIdentity): Promise<void> {
      await db.query(
        `insert into service_identity (id, kind, name, purpose, owner_kind, owner, made_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [id, kind, name, purpose, ownerKind, owner, madeAt],
      )
    },

    /** As it is, and nobody else changes it or its keys until this transaction is over. */
    async locked(id: string): Promise<ServiceIdentity | null> {
      const [row] = await db.query(`select ${columns} from service_identity where id = $1 for update`, [id])
      return row === undefined ? null : ServiceIdentity.parse(row)
    },

    /** Its new stamp; null when it is so already. */
    async setDisabled(id: string, isDisabled: boolean, now: Date): Promise<number | null> {
      const [row] = await db.query<{ stamp: number }>(
        `update service_identity
            set disabled_at = case when $2 then $3::timestamptz end, stamp = stamp + case when $2 then 1 else 0 end
          where id = $1 and (disabled_at is not null) <> $2 returning stamp`,
        [id, isDisabled, now],
      )
      return row?.stamp ?? null
    },

    async remove(id: string): Promise<void> {
      await db.query('delete from service_identity where id = $1', [id])
    },
  }
}

type NewKey = Pick<
  Key,
  'id' | 'identity' | 'scopes' | 'resources' | 'networks' | 'hours' | 'madeAt' | 'endsAt'
>

function keeping(db: Db) {
  return {
    async addKey({ hash, ...key }: NewKey & { readonly hash: Uint8Array }): Promise<void> {
      const { id, identity, scopes, resources, networks, hours, madeAt, endsAt } = key
      await db.query(
        `insert into api_key (id, identity, hash, scopes, resources, networks, hour_from, hour_to, made_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          id,
          identity,
          hash,
          [...scopes],
          JSON.stringify(resources),
          networks,
          hours?.[0] ?? null,
          hours?.[1] ?? null,
          madeAt,
          endsAt,
        ],
      )
    },

    async countLive(identity: string, now: Date): Promise<number> {
      const [row] = await db.query<{ count: number }>(
        `select count(*)::int as count from api_key where identity = $1 and ${isLive} $2`,
        [identity, now],
      )
      return row?.count ?? 0
    },

    /** The end of the one before, once: of two that rotate it at the same moment, one does. */
    async rotate(identity: string, id: string, until: Date, now: Date): Promise<Key | null> {
      const [row] = await db.query(
        `update api_key set rotated_at = $4, ends_at = least(ends_at, $3)
          where identity = $1 and id = $2 and rotated_at is null and ${isLive} $4 returning ${keyColumns}`,
        [identity, id, until, now],
      )
      return row === undefined ? null : Key.parse(row)
    },

    async revoke(identity: string, id: string, now: Date): Promise<boolean> {
      const rows = await db.query(
        `update api_key set revoked_at = $3 where identity = $1 and id = $2 and ${isLive} $3 returning id`,
        [identity, id, now],
      )
      return rows.length === 1
    },

    /** Those that have been over for long: what they did stands in the audit log. */
    async sweep(before: Date): Promise<void> {
      await db.query('delete from api_key where least(ends_at, revoked_at) < $1', [before])
    },
  }
}
