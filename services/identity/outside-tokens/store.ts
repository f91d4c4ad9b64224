import type { Db } from '@althing/kernel/db'
import { OutsideIdentity } from './schema.ts'

const columns = `id, issuer, subject, account, linked_by as "linkedBy", linked_at as "linkedAt", removed_at as "removedAt",
                 not_before as "notBefore", round, signed_in_at as "signedInAt"`

/** Owns the table outside_identity. Whoever can write here can look as anybody, by an account of their own elsewhere. */
export function createOutsideStore(db: Db) {
  const many = async (where: string, values: unknown[]): Promise<OutsideIdentity[]> =>
    (await db.query(`select ${columns} from outside_identity where ${where}`, values)).map((row) =>
      OutsideIdentity.parse(row),
    )
  const one = (row: unknown): OutsideIdentity | null =>
    row === undefined ? null : OutsideIdentity.parse(row)

  return {
    /** Also what was taken away: no claim brings it back. */
    async find(issuer: string, subject: string): Promise<OutsideIdentity | null> {
      const [row] = await db.query(
        `select ${columns} from outside_identity where issuer = $1 and subject = $2`,
        [issuer, subject],
        { name: 'outside-identity-find' },
      )
      return one(row)
    },

    listOf: (account: string) => many('account = $1 and removed_at is null order by linked_at', [account]),

    /** Null when somebody was faster with this identity, or the account has another one there. */
    async add(
      made: Pick<OutsideIdentity, 'id' | 'issuer' | 'subject' | 'account' | 'linkedBy'>,
      now: Date,
    ): Promise<OutsideIdentity | null> {
      const [row] = await db.query(
        `insert into outside_identity (id, issuer, subject, account, linked_by, linked_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning ${columns}`,
        [made.id, made.issuer, made.subject, made.account, made.linkedBy, now],
      )
      return one(row)
    },

    /** The office links again what was taken away, to whom it says; null when it stands. */
    async restore(
      made: Pick<OutsideIdentity, 'issuer' | 'subject' | 'account'>,
      now: Date,
    ): Promise<OutsideIdentity | null> {
      const [row] = await db.query(
        `update outside_identity as o
            set account = $3, linked_by = 'operator', linked_at = $4, removed_at = null, round = round + 1, signed_in_at = null
          where issuer = $1 and subject = $2 and removed_at is not null
            and not exists (select from outside_identity as other
                             where other.account = $3 and other.issuer = $1 and other.removed_at is null)
          returning ${columns}`,
        [made.issuer, made.subject, made.account, now],
      )
      return one(row)
    },

    /** @returns the row as it was removed, with the round that its tokens name; null when there is none of this account's */
    async remove(id: string, account: string, now: Date): Promise<OutsideIdentity | null> {
      const [row] = await db.query(
        `update outside_identity set removed_at = $3 where id = $1 and account = $2 and removed_at is null returning ${columns}`,
        [id, account, now],
      )
      return one(row)
    },

    /** Of many that come with the same sign-in one is told that it is new. */
    async signedIn(id: string, at: Date): Promise<boolean> {
      const rows = await db.query(
        'update outside_identity set signed_in_at = $2 where id = $1 and (signed_in_at is null or signed_in_at < $2) returning id',
        [id, at],
      )
      return rows.length === 1
    },

    /** Whatever signed in there before now is over here. @returns the rounds that ended */
    async endAll(account: string): Promise<Pick<OutsideIdentity, 'id' | 'round'>[]> {
      return db.query<Pick<OutsideIdentity, 'id' | 'round'>>(
        `update outside_identity set not_before = now(), round = round + 1
          where account = $1 and removed_at is null returning id, round - 1 as round`,
        [account],
      )
    },
  }
}
export type OutsideStore = ReturnType<typeof createOutsideStore>
