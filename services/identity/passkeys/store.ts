import { sweepRows, type Db } from '@althing/kernel/db'
import { Passkey } from './schema.ts'

const columns = `id, account, public_key as "publicKey", counter, transports, name, synced, created_at as "createdAt", used_at as "usedAt"`

/** Owns the tables passkey and passkey_challenge. Whoever can write here can sign in as anybody with a key of their own. */
export function createPasskeyStore(db: Db) {
  return {
    async byId(id: string): Promise<Passkey | null> {
      const [row] = await db.query(`select ${columns} from passkey where id = $1`, [id], {
        name: 'passkey-by-id',
      })
      return row === undefined ? null : Passkey.parse(row)
    },

    async listOf(account: string): Promise<Passkey[]> {
      const rows = await db.query(
        `select ${columns} from passkey where account = $1 order by created_at, id`,
        [account],
        { name: 'passkeys-of' },
      )
      return rows.map((row) => Passkey.parse(row))
    },

    /** False when that very passkey is there already, whoever has it. */
    async add(made: Omit<Passkey, 'usedAt'>): Promise<boolean> {
      const rows = await db.query(
        `insert into passkey (id, account, public_key, counter, transports, name, synced, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
        [
          made.id,
          made.account,
          made.publicKey,
          made.counter,
          [...made.transports],
          made.name,
          made.synced,
          made.createdAt,
        ],
      )
      return rows.length === 1
    },

    /**
     * A counter that does not rise belongs to a copy (WebAuthn, section 6.1.1); one that stays at zero belongs to a synced passkey
     * and says nothing. Of two answers with the same counter one is let in.
     */
    async use(id: string, counter: number, now: Date): Promise<boolean> {
      const rows = await db.query(
        `update passkey set counter = $2, used_at = $3
          where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
        [id, counter, now],
        { name: 'passkey-use' },
      )
      return rows.length === 1
    },

    async rename(id: string, account: string, name: string): Promise<boolean> {
      const rows = await db.query(
        'update passkey set name = $3 where id = $1 and account = $2 returning id',
        [id, account, name],
      )
      return rows.length === 1
    },

    async remove(id: string, account: string): Promise<boolean> {
      const rows = await db.query('delete from passkey where id = $1 and account = $2 returning id', [
        id,
        account,
      ])
      return rows.length === 1
    },

    /** A question is answered once; which of two that answer at once is decided here. */
    async burn(challenge: string, expiresAt: Date): Promise<boolean> {
      const rows = await db.query(
        'insert into passkey_challenge (challenge, expires_at) values ($1, $2) on conflict do nothing returning challenge',
        [challenge, expiresAt],
        { name: 'passkey-burn' },
      )
      return rows.length === 1
    },

    async sweep(now: Date): Promise<void> {
      await sweepRows(db, 'passkey_challenge', 'expires_at <= $1', [now])
    },
  }
}
export type PasskeyStore = ReturnType<typeof createPasskeyStore>
