import type { Db } from '@althing/kernel/db'
import { SigningKey, type Algorithm } from './schema.ts'

/** Owns the table signing_key. Whoever can write here can stop sign-ins; with the service key as well, sign in anybody's name. */
export function createKeyStore(db: Db) {
  return {
    async all(): Promise<SigningKey[]> {
      return (
        await db.query('select kid, alg, state, public, sealed, since from signing_key order by since desc')
      ).map((row) => SigningKey.parse(row))
    },

    /** Of two nodes making the first or the next key at once, one makes it: there is one of each state and algorithm. */
    async add(key: SigningKey): Promise<boolean> {
      const rows = await db.query(
        `insert into signing_key (kid, alg, state, public, sealed, since) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning kid`,
        [key.kid, key.alg, key.state, JSON.stringify(key.public), key.sealed, key.since],
      )
      if (rows.length === 1) await announce()
      return rows.length === 1
    },

    /** The next key becomes active, and what becomes of the one before is said; null when there is no such next key. */
    async rotate(
      alg: Algorithm,
      publishedBefore: Date,
      now: Date,
      before: 'retiring' | 'revoked',
    ): Promise<string | null> {
      const [next] = await db.query<{ kid: string }>(
        `select kid from signing_key where alg = $1 and state = 'next' and since <= $2 for update`,
        [alg, publishedBefore],
      )
      if (next === undefined) return null
      await db.query(`update signing_key set state = $3, since = $2 where alg = $1 and state = 'active'`, [
        alg,
        now,
        before,
      ])
      await db.query(`update signing_key set state = 'active', since = $2 where kid = $1`, [next.kid, now])
      await announce()
      return next.kid
    },

    /** Nothing it signed can still be valid. */
    async forgetRetired(before: Date): Promise<string[]> {
      const rows = await db.query<{ kid: string }>(
        `delete from signing_key where state = 'retiring' and since < $1 returning kid`,
        [before],
      )
      if (rows.length > 0) await announce()
      return rows.map(({ kid }) => kid)
    },
  }

  async function announce(): Promise<void> {
    await db.query(`select pg_notify('identity_keys', '')`)
  }
}
export type KeyStore = ReturnType<typeof createKeyStore>
