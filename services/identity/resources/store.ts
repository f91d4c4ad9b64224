import type { Db } from '@althing/kernel/db'
import { Resource } from './schema.ts'

/** Owns the table oauth_resource. Whoever can write here can have tokens made that another server believes. */
export function createResourceStore(db: Db) {
  return {
    async all(): Promise<Resource[]> {
      const rows = await db.query(
        `select uri, name, scopes, details, introspector, open_to_strangers as open from oauth_resource order by uri`,
      )
      return rows.map((row) => Resource.parse(row))
    },

    async add({ uri, name, scopes, details, introspector, open }: Resource): Promise<boolean> {
      const rows = await db.query(
        `insert into oauth_resource (uri, name, scopes, details, introspector, open_to_strangers)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing returning uri`,
        [uri, name, scopes, JSON.stringify(details), introspector, open],
      )
      if (rows.length === 1) await announce()
      return rows.length === 1
    },

    async remove(uri: string): Promise<boolean> {
      const rows = await db.query('delete from oauth_resource where uri = $1 returning uri', [uri])
      if (rows.length === 1) await announce()
      return rows.length === 1
    },
  }

  /** Every node makes its engine anew, as when keys change. */
  async function announce(): Promise<void> {
    await db.query(`select pg_notify('identity_resources', '')`)
  }
}
export type ResourceStore = ReturnType<typeof createResourceStore>
