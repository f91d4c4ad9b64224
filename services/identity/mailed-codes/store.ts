import { sweepRows, type Db } from '@althing/kernel/db'
import { Factor, mostSends, mostTries, Underway, type Channel } from './schema.ts'

interface Kept {
  readonly asker: Uint8Array
  readonly channel: Channel
  readonly account: string
  readonly code: Uint8Array
  readonly expiresAt: Date
  /** Until when tries are remembered; what stands there already stays. */
  readonly endsAt: Date
}

/**
 * Owns the tables mailed_code, mailed_code_sent, mailed_code_factor and proven_phone. Whoever can write here can turn somebody's second
 * step off, or have its codes sent to themselves.
 */
export function createMailedCodeStore(db: Db) {
  return {
    /**
     * Beside the one before, with its tries, until it has gone out. Of two that are under way the later stands; the earlier takes the
     * place of one that is good no more. False when the tries are used up: asking again is no way to guess on.
     */
    async keep({ asker, channel, account, code, expiresAt, endsAt }: Kept, now: Date): Promise<boolean> {
      const rows = await db.query(
        `insert into mailed_code as c (asker_hash, channel, account, next_hash, next_expires_at, expires_at, ends_at)
         values ($1, $2, $3, $4, $5, $5, $6)
         on conflict (asker_hash, channel) do update
               set code_hash = case when c.expires_at > $7 and c.code_hash is not null then c.code_hash else c.next_hash end,
                   expires_at = case when c.expires_at > $7 and c.code_hash is not null then c.expires_at
                                     else coalesce(c.next_expires_at, c.expires_at) end,
                   next_hash = excluded.next_hash, next_expires_at = excluded.next_expires_at,
                   tried = case when c.ends_at <= $7 then 0 else c.tried end,
                   ends_at = case when c.ends_at <= $7 then excluded.ends_at else c.ends_at end
             where c.ends_at <= $7 or c.tried < $8
         returning account`,
        [asker, channel, account, code, expiresAt, endsAt, now, mostTries],
        { name: 'mailed-code-keep' },
      )
      return rows.length === 1
    },

    /** It has gone out: from now on it is the only one. Nothing happens when it was used meanwhile, or another was asked for. */
    async replace(asker: Uint8Array, channel: Channel, code: Uint8Array): Promise<void> {
      await db.query(
        `update mailed_code set code_hash = next_hash, expires_at = next_expires_at, next_hash = null, next_expires_at = null
          where asker_hash = $1 and channel = $2 and next_hash = $3`,
        [asker, channel, code],
        { name: 'mailed-code-replace' },
      )
    },

    /** It cannot have gone out: the one before stays what it was. */
    async withdraw(asker: Uint8Array, channel: Channel, code: Uint8Array): Promise<void> {
      await db.query(
        `update mailed_code set next_hash = null, next_expires_at = null
          where asker_hash = $1 and channel = $2 and next_hash = $3`,
        [asker, channel, code],
        { name: 'mailed-code-withdraw' },
      )
    },

    /** Counts one send before it goes out. False when there were as many as may be. */
    async countSend(
      account: string,
      channel: Channel,
      place: string,
      now: Date,
      endsAt: Date,
    ): Promise<boolean> {
      const rows = await db.query(
        `insert into mailed_code_sent as s (account, channel, place, sent, ends_at) values ($1, $2, $6, 1, $4)
         on conflict (account, channel, place) do update
               set sent = case when s.ends_at <= $3 then 1 else s.sent + 1 end,
                   ends_at = case when s.ends_at <= $3 then excluded.ends_at else s.ends_at end
             where s.ends_at <= $3 or s.sent < $5
         returning sent`,
        [account, channel, now, endsAt, mostSends, place],
        { name: 'mailed-code-count' },
      )
      return rows.length === 1
    },

    async uncountSend(account: string, channel: Channel, place: string): Promise<void> {
      await db.query(
        `update mailed_code_sent set sent = sent - 1
          where account = $1 and channel = $2 and place = $3 and sent > 0`,
        [account, channel, place],
        { name: 'mailed-code-uncount' },
      )
    },

    async sendsEndAt(account: string, channel: Channel, place: string): Promise<Date | null> {
      const [row] = await db.query<{ ends_at: Date }>(
        'select ends_at from mailed_code_sent where account = $1 and channel = $2 and place = $3',
        [account, channel, place],
      )
      return row?.ends_at ?? null
    },

    async underway(asker: Uint8Array, channel: Channel, now: Date): Promise<Underway | null> {
      const [row] = await db.query(
        `select code_hash is null and next_hash is null as "isUsed", tried,
                case when code_hash is null then coalesce(next_expires_at, expires_at)
                     else greatest(expires_at, next_expires_at) end as "expiresAt" from mailed_code
          where asker_hash = $1 and channel = $2 and ends_at > $3`,
        [asker, channel, now],
        { name: 'mailed-code-underway' },
      )
      return row === undefined ? null : Underway.parse(row)
    },

    /**
     * Counts, compares and burns in one statement: of any number at once three are compared, and one that is right is used up by
     * the first. What is compared are keyed hashes, whose timing tells nothing.
     */
    async tryCode(asker: Uint8Array, channel: Channel, code: Uint8Array, now: Date): Promise<boolean> {
      const [row] = await db.query<{ is_right: boolean }>(
        `update mailed_code
            set tried = tried + 1,
                code_hash = case when (code_hash = $3 and expires_at > $4) or (next_hash = $3 and next_expires_at > $4)
                                 then null else code_hash end,
                next_hash = case when (code_hash = $3 and expires_at > $4) or (next_hash = $3 and next_expires_at > $4)
                                 then null else next_hash end
          where asker_hash = $1 and channel = $2 and tried < $5
            and ((code_hash is not null and expires_at > $4) or (next_hash is not null and next_expires_at > $4))
          returning code_hash is null and next_hash is null as is_right`,
        [asker, channel, code, now, mostTries],
        { name: 'mailed-code-try' },
      )
      return row?.is_right === true
    },

    async channelsOf(account: string): Promise<readonly Channel[]> {
      const rows = await db.query(
        'select channel from mailed_code_factor where account = $1 order by channel desc',
        [account],
        { name: 'mailed-code-factors' },
      )
      return rows.map((row) => Factor.parse(row).channel)
    },

    async phoneOf(account: string): Promise<string | null> {
      const [row] = await db.query<{ phone: string }>(
        'select phone from proven_phone where account = $1',
        [account],
        { name: 'proven-phone-of' },
      )
      return row?.phone ?? null
    },

    async provePhone(account: string, phone: string, now: Date): Promise<void> {
      await db.query(
        `insert into proven_phone (account, phone, proven_at) values ($1, $2, $3)
         on conflict (account) do update set phone = excluded.phone, proven_at = excluded.proven_at`,
        [account, phone, now],
      )
    },

    /** Text messages only with a telephone that was proven, which this very statement looks at. */
    async turnOn(account: string, channel: Channel, now: Date): Promise<boolean> {
      const rows = await db.query(
        `insert into mailed_code_factor (account, channel, since)
         select $1, $2, $3 where $2 = 'mail' or exists (select from proven_phone where account = $1)
         on conflict do nothing returning account`,
        [account, channel, now],
      )
      return rows.length === 1
    },

    /** What is under way by it opens nothing any more. */
    async turnOff(account: string, channel: Channel): Promise<boolean> {
      await db.query('delete from mailed_code where account = $1 and channel = $2', [account, channel])
      const rows = await db.query(
        'delete from mailed_code_factor where account = $1 and channel = $2 returning account',
        [account, channel],
      )
      return rows.length === 1
    },

    async forgetPhone(account: string): Promise<void> {
      await db.query('delete from proven_phone where account = $1', [account])
    },

    async sweep(now: Date): Promise<void> {
      await sweepRows(db, 'mailed_code', 'ends_at <= $1', [now])
      await sweepRows(db, 'mailed_code_sent', 'ends_at <= $1', [now])
    },
  }
}
export type MailedCodeStore = ReturnType<typeof createMailedCodeStore>
