import { createHash, createHmac } from 'node:crypto'
import { openBox, sealBox, type RandomSource } from '@althing/kernel/crypto'
import { sweepRows, type Db } from '@althing/kernel/db'
import { Attempt } from './schema.ts'

const aad = Buffer.from('althing/sign-in-attempt')

const hashOf = (token: string) => createHash('sha256').update(`althing/sign-in-attempt\n${token}`).digest()
const keyOf = (token: string) => createHmac('sha256', token).update('althing/sign-in-attempt/key').digest()

/** Owns the table sign_in_attempt. Whoever can write here can end sign-ins, and read none. */
export function createAttemptStore(db: Db, chance: RandomSource) {
  const sealed = (token: string, attempt: Attempt) =>
    sealBox(keyOf(token), Buffer.from(JSON.stringify(attempt)), aad, chance)

  return {
    async add(token: string, attempt: Attempt, expiresAt: Date): Promise<void> {
      await db.query(
        'insert into sign_in_attempt (token_hash, sealed, expires_at) values ($1, $2, $3)',
        [hashOf(token), sealed(token, attempt), expiresAt],
        { name: 'attempt-add' },
      )
    },

    async find(token: string, now: Date): Promise<Attempt | null> {
      const [row] = await db.query<{ sealed: Uint8Array }>(
        'select sealed from sign_in_attempt where token_hash = $1 and expires_at > $2',
        [hashOf(token), now],
        { name: 'attempt-find' },
      )
      const opened = row === undefined ? null : openBox(keyOf(token), row.sealed, aad)
      return opened === null ? null : Attempt.parse(JSON.parse(Buffer.from(opened).toString('utf8')))
    },

    async keep(token: string, attempt: Attempt): Promise<void> {
      await db.query('update sign_in_attempt set sealed = $2 where token_hash = $1', [
        hashOf(token),
        sealed(token, attempt),
      ])
    },

    /** Of any number that finish it at once one does. */
    async end(token: string, now: Date): Promise<boolean> {
      const rows = await db.query(
        'delete from sign_in_attempt where token_hash = $1 and expires_at > $2 returning token_hash',
        [hashOf(token), now],
        { name: 'attempt-end' },
      )
      return rows.length === 1
    },

    async sweep(now: Date): Promise<void> {
      await sweepRows(db, 'sign_in_attempt', 'expires_at <= $1', [now])
    },
  }
}
export type AttemptStore = ReturnType<typeof createAttemptStore>
