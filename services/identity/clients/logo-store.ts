import { createHash } from 'node:crypto'
import type { Db } from '@althing/kernel/db'
import { Logo } from './schema.ts'

/** Owns oauth_client_logo. Whoever can write here can have one application look like another where people are asked. */
export function createLogoStore(db: Db) {
  return {
    async of(client: string): Promise<Logo | null> {
      const [row] = await db.query('select png from oauth_client_logo where client = $1', [client])
      if (row === undefined) return null
      const { png } = Logo.pick({ png: true }).parse(row)
      return { png, version: createHash('sha256').update(png).digest('base64url').slice(0, 12) }
    },

    async put(client: string, png: Uint8Array): Promise<void> {
      await db.query(
        `insert into oauth_client_logo (client, png) values ($1, $2) on conflict (client) do update set png = excluded.png`,
        [client, png],
      )
    },

    async drop(client: string): Promise<boolean> {
      const rows = await db.query('delete from oauth_client_logo where client = $1 returning client', [
        client,
      ])
      return rows.length === 1
    },
  }
}
export type LogoStore = ReturnType<typeof createLogoStore>
