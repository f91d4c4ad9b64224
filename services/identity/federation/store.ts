import { createHash } from 'node:crypto'
import { sweepRows, type Db } from '@althing/kernel/db'
import { fromUtf8, openBox, sealBox, utf8, type RandomSource } from '@althing/kernel/crypto'
import { Carried, Linked } from './schema.ts'

export type { Linked }

const digest = (kind: string, text: string): Uint8Array =>
  createHash('sha256').update(`althing/federation/${kind}\n${text}`).digest()

/** Owns the tables federation_state and external_identity. Whoever can write here can tie an outside identity to any account. */
export function createFederationStore(db: Db, chance: RandomSource) {
  return {
    async keep(state: string, browser: string, carried: Carried, expiresAt: Date): Promise<void> {
      const sealed = sealBox(digest('key', state), utf8(JSON.stringify(carried)), utf8('carried'), chance)
      await db.query(
        'insert into federation_state (state_hash, browser_hash, carried, expires_at) values ($1, $2, $3, $4)',
        [digest('state', state), digest('browser', browser), sealed, expiresAt],
      )
    },

    /** Burns it: of any number that come with the same state, in the right browser and in time, one gets it. */
    async take(state: string, browser: string, now: Date): Promise<Carried | null> {
      const [row] = await db.query<{ carried: Uint8Array }>(
        'delete from federation_state where state_hash = $1 and browser_hash = $2 and expires_at > $3 returning carried',
        [digest('state', state), digest('browser', browser), now],
      )
      const opened = row === undefined ? null : openBox(digest('key', state), row.carried, utf8('carried'))
      return opened === null ? null : Carried.parse(JSON.parse(fromUtf8(opened)))
    },

    async accountOf(issuer: string, subject: string): Promise<string | null> {
      const [row] = await db.query<{ account: string }>(
        'select account from external_identity where issuer = $1 and subject = $2',
        [issuer, subject],
      )
      return row?.account ?? null
    },

    /** False when somebody was faster with the same identity. */
    async link(issuer: string, subject: string, account: string): Promise<boolean> {
      const rows = await db.query(
        'insert into external_identity (issuer, subject, account) values ($1, $2, $3) on conflict do nothing returning account',
        [issuer, subject, account],
      )
      return rows.length === 1
    },

    async linkedTo(account: string): Promise<Linked[]> {
      const rows = await db.query(
        `select issuer, subject, linked_at as "linkedAt" from external_identity where account = $1 order by linked_at`,
        [account],
      )
      return rows.map((row) => Linked.parse(row))
    },

    async unlink(issuer: string, subject: string, account: string): Promise<boolean> {
      const rows = await db.query(
        'delete from external_identity where issuer = $1 and subject = $2 and account = $3 returning account',
        [issuer, subject, account],
      )
      return rows.length === 1
    },

    /** @param issuers those whose word lets somebody in */
    async hasAny(account: string, issuers: readonly string[]): Promise<boolean> {
      const rows = await db.query(
        'select from external_identity where account = $1 and issuer = any($2) limit 1',
        [account, [...issuers]],
      )
      return rows.length > 0
    },

    async sweep(now: Date): Promise<void> {
      await sweepRows(db, 'federation_state', 'expires_at <= $1', [now])
    },
  }
}
export type FederationStore = ReturnType<typeof createFederationStore>
