import { createHash } from 'node:crypto'
import type { Db } from '@althing/kernel/db'

const digest = (token: string): Uint8Array =>
  createHash('sha256').update(`althing/activation\n${token}`).digest()

/** Owns the table activation_token. Whoever can write here can choose the password of another's account. */
export function createActivationStore(db: Db) {
  return {
    /** One link at a time: a new one makes the ones before it worthless. */
    async keep(token: string, account: string, expiresAt: Date): Promise<void> {
      await db.query('delete from activation_token where account = $1', [account])
      await db.query('insert into activation_token (token_hash, account, expires_at) values ($1, $2, $3)', [
        digest(token),
        account,
        expiresAt,
      ])
    },

    async peek(token: string, now: Date): Promise<string | null> {
      const [row] = await db.query<{ account: string }>(
        'select account from activation_token where token_hash = $1 and expires_at > $2',
        [digest(token), now],
      )
      return row?.account ?? null
    },

    /** Of any number that use it at once one gets the account. */
    async take(token: string, now: Date): Promise<string | null> {
      const [row] = await db.query<{ account: string }>(
        'delete from activation_token where token_hash = $1 and expires_at > $2 returning account',
        [digest(token), now],
      )
      return row?.account ?? null
    },

    async sweep(now: Date): Promise<void> {
      await db.query('delete from activation_token where expires_at <= $1', [now])
    },
  }
}
export type ActivationStore = ReturnType<typeof createActivationStore>
