import { createHash } from 'node:crypto'
import { sweepRows, type Db } from '@althing/kernel/db'
import { AddressChange } from './schema.ts'

const columns = `account, email, previous, expires_at as "expiresAt", done_at as "doneAt"`
const digest = (token: string): Uint8Array =>
  createHash('sha256').update(`althing/address\n${token}`).digest()

/** Owns the table address_change. Whoever can write here can take over the address of another's account. */
export function createProfileStore(db: Db) {
  return {
    /** One wish at a time: a new one makes the link of the one before worthless. */
    async wish(account: string, email: string, previous: string | null, expiresAt: Date): Promise<void> {
      await db.query(
        `insert into address_change (account, email, previous, expires_at) values ($1, $2, $3, $4)
         on conflict (account) do update set email = excluded.email, previous = excluded.previous,
               expires_at = excluded.expires_at, token_hash = null, done_at = null`,
        [account, email, previous, expiresAt],
      )
    },

    async of(account: string): Promise<AddressChange | null> {
      const [row] = await db.query(`select ${columns} from address_change where account = $1`, [account])
      return row === undefined ? null : AddressChange.parse(row)
    },

    async keepToken(account: string, token: string): Promise<void> {
      await db.query('update address_change set token_hash = $2 where account = $1 and done_at is null', [
        account,
        digest(token),
      ])
    },

    async peek(token: string, now: Date): Promise<AddressChange | null> {
      const [row] = await db.query(
        `select ${columns} from address_change where token_hash = $1 and expires_at > $2`,
        [digest(token), now],
      )
      return row === undefined ? null : AddressChange.parse(row)
    },

    /** Of any number that use it at once one does. */
    async take(token: string, now: Date): Promise<AddressChange | null> {
      const [row] = await db.query(
        `update address_change set token_hash = null, done_at = $2
          where token_hash = $1 and expires_at > $2 returning ${columns}`,
        [digest(token), now],
      )
      return row === undefined ? null : AddressChange.parse(row)
    },

    /** Only the wish for this address: another may have taken its place. */
    async remove(account: string, email: string): Promise<void> {
      await db.query('delete from address_change where account = $1 and email = $2', [account, email])
    },

    async sweep(now: Date): Promise<void> {
      await sweepRows(db, 'address_change', 'expires_at <= $1', [now])
    },
  }
}
export type ProfileStore = ReturnType<typeof createProfileStore>
