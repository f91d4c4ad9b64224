import type { Db } from '@althing/kernel/db'
import { PastKey, SigningKey, type Algorithm } from './schema.ts'

/**
 * Owns the tables signing_key and past_key. Whoever can write here can stop sign-ins; with the key service's leave as well (or the service key, where there
 * is none), sign in anybody's name.
 */
export function createKeyStore(db: Db) {
  return {
    async all(): Promise<SigningKey[]> {
      const rows = await db.query(
        `select kid, alg, state, public, sealed, data_key as "dataKey", wrapped_by as "wrappedBy", since
           from signing_key order by since desc, kid`,
      )
      return rows.map((row) => SigningKey.parse(row))
    },

    /** Of two nodes making the first or the next keys at once, one makes them: there is one of each state and algorithm. */
    async add(keys: readonly SigningKey[]): Promise<string[]> {
      const made: string[] = []
      for (const { kid, alg, state, public: jwk, sealed, dataKey, wrappedBy, since } of keys) {
        const rows = await db.query(
          `insert into signing_key (kid, alg, state, public, sealed, data_key, wrapped_by, since)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning kid`,
          [kid, alg, state, JSON.stringify(jwk), sealed, dataKey, wrappedBy, since],
        )
        if (rows.length === 1) made.push(kid)
      }
      if (made.length > 0) await announce()
      return made
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
      await db.query(
        `update signing_key set state = $3, since = $2, sealed = case when $3 = 'revoked' then '' else sealed end,
                data_key = case when $3 = 'retiring' then data_key end, wrapped_by = case when $3 = 'retiring' then wrapped_by end
          where alg = $1 and state = 'active'`,
        [alg, now, before],
      )
      await db.query(`update signing_key set state = 'active', since = $2 where kid = $1`, [next.kid, now])
      await announce()
      return next.kid
    },

    /** One that does not sign. Its private part goes with it: nothing is left that could be stolen. */
    async revoke(kid: string, now: Date): Promise<boolean> {
      const rows = await db.query(
        `update signing_key set state = 'revoked', since = $2, sealed = '', data_key = null, wrapped_by = null
          where kid = $1 and state in ('next', 'retiring') returning kid`,
        [kid, now],
      )
      if (rows.length === 1) await announce()
      return rows.length === 1
    },

    /** The same private part under another data key; not when somebody else was faster, or it was revoked. */
    async reseal(before: SigningKey, { sealed, dataKey, wrappedBy }: Sealed): Promise<boolean> {
      const rows = await db.query(
        `update signing_key set sealed = $3, data_key = $4, wrapped_by = $5
          where kid = $1 and sealed = $2 and state <> 'revoked' returning kid`,
        [before.kid, before.sealed, sealed, dataKey, wrappedBy],
      )
      return rows.length === 1
    },

    /**
     * Nothing it signed is valid any more but as a hint: the private part goes, and the public one is kept until then.
     * @param before when it stopped signing @param until when the last hint of it is over
     */
    async forgetRetired(before: Date, until: Date): Promise<string[]> {
      const rows = await db.query<{ kid: string }>(
        `with gone as (delete from signing_key where state = 'retiring' and since < $1 returning kid, alg, public)
         insert into past_key (kid, alg, public, ends_at) select kid, alg, public, $2 from gone returning kid`,
        [before, until],
      )
      if (rows.length > 0) await announce()
      return rows.map(({ kid }) => kid)
    },

    async past(now: Date): Promise<PastKey[]> {
      const rows = await db.query('select kid, alg, public from past_key where ends_at > $1 order by kid', [
        now,
      ])
      return rows.map((row) => PastKey.parse(row))
    },

    async forgetPast(now: Date): Promise<void> {
      await db.query('delete from past_key where ends_at <= $1', [now])
    },

    /** Its hints are believed no more. */
    async revokePast(kid: string): Promise<boolean> {
      const rows = await db.query('delete from past_key where kid = $1 returning kid', [kid])
      if (rows.length > 0) await announce()
      return rows.length > 0
    },
  }

  async function announce(): Promise<void> {
    await db.query(`select pg_notify('identity_keys', '')`)
  }
}
export type KeyStore = ReturnType<typeof createKeyStore>

type Sealed = Pick<SigningKey, 'sealed' | 'dataKey' | 'wrappedBy'>
