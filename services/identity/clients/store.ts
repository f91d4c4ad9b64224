import type { Db } from '@althing/kernel/db'
import { Client } from './schema.ts'

/** Owns the table oauth_client. Whoever can write here can make an application that receives people's codes. */
export function createClientStore(db: Db) {
  return {
    async byId(id: string): Promise<Client | null> {
      const [row] = await db.query(
        'select id, name, sealed, metadata from oauth_client where id = $1',
        [id],
        { name: 'client-by-id' },
      )
      return row === undefined ? null : Client.parse(row)
    },

    async list(): Promise<Client[]> {
      return (await db.query('select id, name, sealed, metadata from oauth_client order by id')).map((row) =>
        Client.parse(row),
      )
    },

    async add({ id, name, sealed, metadata }: Client): Promise<boolean> {
      const rows = await db.query(
        'insert into oauth_client (id, name, sealed, metadata) values ($1, $2, $3, $4) on conflict do nothing returning id',
        [id, name, sealed, JSON.stringify(metadata)],
      )
      return rows.length === 1
    },
  }
}
export type ClientStore = ReturnType<typeof createClientStore>
