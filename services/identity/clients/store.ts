import type { Db } from '@althing/kernel/db'
import { Client, ClientSecret, UsableClient, type ClientFilter, type DueSecret } from './schema.ts'

const columns = `id, name, metadata, created_at as "createdAt", updated_at as "updatedAt", used_at as "usedAt",
  disabled_at as "disabledAt"`
const secretColumns = `s.id, s.client, s.sealed, s.made_at as "madeAt", s.ends_at as "endsAt", s.used_at as "usedAt"`

/**
 * An application that a node of the version before makes has its secret in its own row only: that one counts as long as there is no other
 * row, also none that is over, for what was ended must not open anything again.
 */
const secretsOfClient = `select s.id, s.client, s.sealed, s.made_at, s.ends_at, s.used_at from oauth_client_secret s where s.client = c.id
  union all select 'cls_' || md5(c.id)::uuid, c.id, c.sealed, c.created_at, null, null
   where c.sealed is not null and not exists (select from oauth_client_secret s where s.client = c.id)`

/** Owns oauth_client and oauth_client_secret. Whoever can write here can make an application that receives people's codes. */
export function createClientStore(db: Db) {
  return { ...reading(db), ...writing(db), ...keepingSecrets(db) }
}
export type ClientStore = ReturnType<typeof createClientStore>

function reading(db: Db) {
  return {
    /** Null also when it is disabled. Asked at every request, so that a change is in force with the next one, on every node. */
    async usable(id: string, now: Date): Promise<UsableClient | null> {
      const [row] = await db.query(
        `select c.id, c.name, c.metadata, coalesce(live.secrets, '{}') as secrets, coalesce(live.ids, '{}') as "secretIds"
           from oauth_client c,
                lateral (select array_agg(s.sealed order by s.made_at, s.id) as secrets,
                                array_agg(s.id order by s.made_at, s.id) as ids
                           from (${secretsOfClient}) as s
                          where s.ends_at is null or s.ends_at > $2) as live
          where c.id = $1 and c.disabled_at is null`,
        [id, now],
        { name: 'client-usable', isQuick: true },
      )
      return row === undefined ? null : UsableClient.parse(row)
    },

    async byId(id: string): Promise<Client | null> {
      const [row] = await db.query(`select ${columns} from oauth_client where id = $1`, [id])
      return row === undefined ? null : Client.parse(row)
    },

    /** By id, those after the one that is said. */
    async list({ search = '', policy, state }: ClientFilter, after: string, most: number): Promise<Client[]> {
      const rows = await db.query(
        `select ${columns} from oauth_client
          where ($1 = '' or strpos(lower(id || ' ' || name), lower($1)) > 0)
            and ($2::text is null or metadata ->> 'policy' = $2)
            and ($3::text is null or (disabled_at is null) = ($3 = 'enabled'))
            and id > $4
          order by id limit $5`,
        [search, policy ?? null, state ?? null, after, most],
      )
      return rows.map((row) => Client.parse(row))
    },

    /** Those that still open something, the older one of each application first. */
    async secretsOf(clients: readonly string[], now: Date): Promise<ClientSecret[]> {
      const rows = await db.query(
        `select ${secretColumns} from oauth_client c, lateral (${secretsOfClient}) as s
          where c.id = any($1) and (s.ends_at is null or s.ends_at > $2) order by s.client, s.made_at, s.id`,
        [[...clients], now],
      )
      return rows.map((row) => ClientSecret.parse(row))
    },
  }
}

function writing(db: Db) {
  return {
    async add({ id, name, metadata }: Pick<Client, 'id' | 'name' | 'metadata'>, now: Date): Promise<boolean> {
      const rows = await db.query(
        `insert into oauth_client (id, name, metadata, created_at, updated_at) values ($1, $2, $3, $4, $4)
         on conflict do nothing returning id`,
        [id, name, JSON.stringify(metadata), now],
      )
      return rows.length === 1
    },

    /** As it is, and nobody else changes it until this transaction is over. */
    async locked(id: string): Promise<Client | null> {
      const [row] = await db.query(`select ${columns} from oauth_client where id = $1 for update`, [id])
      return row === undefined ? null : Client.parse(row)
    },

    /** All of them, and of two that bring all into line one waits for the other. */
    async lockedAll(): Promise<Client[]> {
      await db.query(`select pg_advisory_xact_lock(hashtext('identity.clients'))`)
      const rows = await db.query(`select ${columns} from oauth_client order by id for update`)
      return rows.map((row) => Client.parse(row))
    },

    async change({ id, name, metadata }: Pick<Client, 'id' | 'name' | 'metadata'>, now: Date): Promise<void> {
      await db.query('update oauth_client set name = $2, metadata = $3, updated_at = $4 where id = $1', [
        id,
        name,
        JSON.stringify(metadata),
        now,
      ])
    },

    /** False when it is so already. */
    async setDisabled(id: string, isDisabled: boolean, now: Date): Promise<boolean> {
      const rows = await db.query(
        `update oauth_client set disabled_at = case when $2 then $3::timestamptz end, updated_at = $3
          where id = $1 and (disabled_at is not null) <> $2 returning id`,
        [id, isDisabled, now],
      )
      return rows.length === 1
    },

    async remove(id: string): Promise<boolean> {
      return (await db.query('delete from oauth_client where id = $1 returning id', [id])).length === 1
    },

    /** To the hour: what was noted within the last one is not noted again. */
    async touch(id: string, secret: string | undefined, now: Date): Promise<void> {
      const isDue = `(used_at is null or used_at <= $2::timestamptz - interval '1 hour')`
      await db.query(`update oauth_client set used_at = $2 where id = $1 and ${isDue}`, [id, now])
      if (secret !== undefined)
        await db.query(`update oauth_client_secret set used_at = $2 where id = $1 and ${isDue}`, [
          secret,
          now,
        ])
    },
  }
}

function keepingSecrets(db: Db) {
  /** The version before reads one that lives in the row of its application. */
  const mirror = (clients: readonly string[], now: Date) =>
    db.query(
      `update oauth_client c
          set sealed = (select s.sealed from oauth_client_secret s
                         where s.client = c.id and (s.ends_at is null or s.ends_at > $2) order by s.made_at, s.id limit 1)
        where c.id = any($1)`,
      [[...clients], now],
    )

  /** What only the row of the application has gets a place of its own, before anything is done with its secrets. */
  const adopt = (client: string) =>
    db.query(
      `insert into oauth_client_secret (id, client, slot, sealed, made_at)
       select s.id, s.client, 1, s.sealed, s.made_at from oauth_client c, lateral (${secretsOfClient}) as s
        where c.id = $1 and not exists (select from oauth_client_secret own where own.client = c.id)
       on conflict do nothing`,
      [client],
    )

  async function dropOver(now: Date, client: string | null): Promise<void> {
    const gone = await db.query<{ client: string }>(
      `delete from oauth_client_secret where ends_at <= $1 and ($2::text is null or client = $2) returning client`,
      [now, client],
    )
    if (gone.length > 0)
      await mirror(
        gone.map((one) => one.client),
        now,
      )
  }

  return {
    /** False when two live already: there is no third place. */
    async addSecret(
      { id, client, sealed }: Pick<ClientSecret, 'id' | 'client' | 'sealed'>,
      now: Date,
    ): Promise<boolean> {
      await adopt(client)
      await dropOver(now, client)
      const rows = await db.query(
        `insert into oauth_client_secret (id, client, slot, sealed, made_at)
         select $1, $2, place.slot, $3, $4 from (values (1), (2)) as place (slot)
          where not exists (select from oauth_client_secret s where s.client = $2 and s.slot = place.slot)
          order by place.slot limit 1
         on conflict do nothing returning id`,
        [id, client, sealed, now],
      )
      await mirror([client], now)
      return rows.length === 1
    },

    /** Whoever is reminded of it before is reminded of its new end again. */
    async endSecret(client: string, id: string, endsAt: Date, now: Date): Promise<boolean> {
      await adopt(client)
      const rows = await db.query(
        `update oauth_client_secret set ends_at = $3, reminded_at = null
          where client = $1 and id = $2 and (ends_at is null or ends_at > $4) returning id`,
        [client, id, endsAt, now],
      )
      await dropOver(now, client)
      await mirror([client], now)
      return rows.length === 1
    },

    async dropSecrets(client: string): Promise<void> {
      await db.query('delete from oauth_client_secret where client = $1', [client])
      await db.query('update oauth_client set sealed = null where id = $1', [client])
    },

    /**
     * Those that somebody is to be reminded of, so many of them; of two nodes that ask, one is told of each. An application that registered
     * itself looks after itself: strangers could have administrators written to without end.
     */
    async takeDue(now: Date, oldBefore: Date, endingBefore: Date, most: number): Promise<DueSecret[]> {
      return db.query<DueSecret>(
        `update oauth_client_secret as taken set reminded_at = $1 where taken.id in (
           select s.id from oauth_client_secret s join oauth_client c on c.id = s.client
            where c.disabled_at is null and s.reminded_at is null and not c.metadata ? 'registered_by'
              and ((s.ends_at > $1 and s.ends_at <= $3) or (s.ends_at is null and s.made_at <= $2))
            order by coalesce(s.ends_at, s.made_at), s.id limit $4 for update of s skip locked)
          returning taken.client, taken.id as secret`,
        [now, oldBefore, endingBefore, most],
      )
    },

    sweepSecrets: (now: Date) => dropOver(now, null),
  }
}
