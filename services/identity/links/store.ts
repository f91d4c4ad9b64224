import { createHash } from 'node:crypto'
import { sweepRows, type Db } from '@althing/kernel/db'

export type Purpose = 'activation' | 'recovery' | 'sign-in' | 'paper'

/**
 * Owns the table mailed_link. Whoever can write here can choose the password of another's account.
 * @param purpose is part of the hash: a link that was sent for one thing is of no use for another
 */
export function createLinkStore(db: Db, purpose: Purpose) {
  const digest = (token: string): Uint8Array =>
    createHash('sha256').update(`althing/${purpose}\n${token}`).digest()

  return {
    /** One link at a time: a new one makes the ones before it worthless. */
    async keep(token: string, account: string, expiresAt: Date): Promise<void> {
      await db.query('delete from mailed_link where account = $1 and purpose = $2', [account, purpose])
      await db.query(
        'insert into mailed_link (token_hash, purpose, account, expires_at) values ($1, $2, $3, $4)',
        [digest(token), purpose, account, expiresAt],
      )
    },

    /** Looking burns nothing: scanners of mail open links too. */
    async peek(token: string, now: Date): Promise<string | null> {
      const [row] = await db.query<{ account: string }>(
        'select account from mailed_link where token_hash = $1 and purpose = $2 and expires_at > $3',
        [digest(token), purpose, now],
      )
      return row?.account ?? null
    },

    /** Of any number that use it at once one gets the account. */
    async take(token: string, now: Date): Promise<string | null> {
      const [row] = await db.query<{ account: string }>(
        'delete from mailed_link where token_hash = $1 and purpose = $2 and expires_at > $3 returning account',
        [digest(token), purpose, now],
      )
      return row?.account ?? null
    },
  }
}
export type LinkStore = ReturnType<typeof createLinkStore>

export async function sweepLinks(db: Db, now: Date): Promise<void> {
  await sweepRows(db, 'mailed_link', 'expires_at <= $1', [now])
}

/** All of an account, whatever they are for. */
export async function forgetLinks(db: Db, account: string): Promise<void> {
  await db.query('delete from mailed_link where account = $1', [account])
}
