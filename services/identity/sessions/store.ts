import { createHash } from 'node:crypto'
import { sweepRows, type Db } from '@althing/kernel/db'
import { Revoked, Session, type Proof, type SessionId } from './schema.ts'

const columns = `id, account, method, acr, amr, device, auth_time as "authTime", started_at as "startedAt",
                 seen_at as "seenAt", ends_at as "endsAt", remembered, engine`

const hashed = (token: string): Uint8Array =>
  createHash('sha256').update(`althing/session\n${token}`).digest()

/** A session lives when it was used within the idle time and is not past its end. */
export interface Alive {
  readonly now: Date
  readonly idleSince: Date
  /** The same for those whose session does the most harm in another's hands. */
  readonly officeIdleSince: Date
}

/** $3 and $4 are the two ends of idleness. */
const used = `(remembered or seen_at > $3) and (seen_at > $4 or not administers(session.account))`

/** Of the engine's part of a session: what is new of which application, which are gone, and its note when that has changed. */
interface Kept {
  readonly authorizations: Readonly<Record<string, unknown>>
  readonly gone: readonly string[]
  readonly note?: Readonly<Record<string, unknown>>
}

/** What a session is worth when one more factor was shown, and beside what that is more than it was. */
export interface Stronger {
  readonly weaker: readonly string[]
  readonly acr: string
  readonly amr: readonly string[]
}

/** Owns the tables session, revocation_head and revocation. Whoever can write here can take over a session or end it. */
export function createSessionStore(db: Db) {
  async function one(
    where: string,
    value: unknown,
    { now, idleSince, officeIdleSince }: Alive,
  ): Promise<Session | null> {
    const [row] = await db.query(
      `select ${columns} from session where ${where} = $1 and ends_at > $2 and ${used}`,
      [value, now, idleSince, officeIdleSince],
      { name: `session-by-${where}`, isQuick: true },
    )
    return row === undefined ? null : Session.parse(row)
  }

  return {
    byToken: (token: string, alive: Alive) => one('token_hash', hashed(token), alive),
    byId: (id: string, alive: Alive) => one('id', id, alive),

    async add(id: SessionId, token: string, proof: Proof, now: Date, endsAt: Date): Promise<Session> {
      const [row] = await db.query(
        `insert into session (id, token_hash, account, method, acr, amr, device, network, auth_time, started_at, seen_at, ends_at, remembered)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9, $10, $11) returning ${columns}`,
        [
          id,
          hashed(token),
          proof.account,
          proof.method,
          proof.acr,
          [...proof.amr],
          proof.device,
          proof.network,
          now,
          endsAt,
          proof.remember,
        ],
        { name: 'session-add' },
      )
      return Session.parse(row)
    },

    ...createChanging(db),

    async touch(id: string, now: Date): Promise<void> {
      await db.query('update session set seen_at = $2 where id = $1 and seen_at < $2', [id, now], {
        name: 'session-touch',
      })
    },

    async listOf(account: string, { now, idleSince, officeIdleSince }: Alive): Promise<Session[]> {
      const rows = await db.query(
        `select ${columns} from session where account = $1 and ends_at > $2 and ${used} order by seen_at desc`,
        [account, now, idleSince, officeIdleSince],
      )
      return rows.map((row) => Session.parse(row))
    },

    /** Of two that end it at once one is told that it was them. */
    async end(id: string, account: string): Promise<boolean> {
      return (
        (await db.query('delete from session where id = $1 and account = $2 returning id', [id, account]))
          .length === 1
      )
    },

    async endAll(account: string): Promise<string[]> {
      const rows = await db.query<{ id: string }>('delete from session where account = $1 returning id', [
        account,
      ])
      return rows.map(({ id }) => id)
    },

    /** All but one; their ids. */
    async endOthers(account: string, but: string | null): Promise<string[]> {
      const rows = await db.query<{ id: string }>(
        'delete from session where account = $1 and id is distinct from $2 returning id',
        [account, but],
      )
      return rows.map(({ id }) => id)
    },

    /** All but the latest few. */
    async endOldest(account: string, keep: number): Promise<string[]> {
      const rows = await db.query<{ id: string }>(
        `delete from session where id in (select id from session where account = $1 order by seen_at desc, id desc offset $2) returning id`,
        [account, keep],
        { name: 'session-oldest' },
      )
      return rows.map(({ id }) => id)
    },

    /** The head's row is held until commit: numbers become visible in their order, and none is ever skipped by a reader. */
    async revoke(
      account: string,
      entry: { readonly stamp: number } | { readonly session: string },
    ): Promise<void> {
      const [stamp, session] = 'stamp' in entry ? [entry.stamp, null] : [null, entry.session]
      await db.query(
        `with head as (update revocation_head set latest = latest + 1 returning latest),
              added as (insert into revocation (seq, subject, stamp, session, officer)
                        select latest, $1, $2::integer, $3,
                               holds_or_held_office($4)
                          from head)
         select pg_notify('identity_revocation', '')`,
        [stamp === null ? null : account, stamp, session, account],
        { name: 'revocation-add' },
      )
    },

    async revokedAfter(
      seq: number,
      most: number,
      officersOnly: boolean,
    ): Promise<{ entries: Revoked[]; latest: number }> {
      const [head] = await db.query<{ latest: number }>('select latest from revocation_head', [], {
        name: 'revocation-head',
      })
      const rows = await db.query(
        'select seq, subject, stamp, session from revocation where seq > $1 and (officer or not $3) order by seq limit $2',
        [seq, most, officersOnly],
        {
          name: 'revocation-after',
        },
      )
      const entries = rows.map((row) => Revoked.parse(row))
      // The head was read first, so nothing that it counts is missing from the rows; a full page says where it ends.
      const latest = entries.length === most ? (entries.at(-1)?.seq ?? seq) : (head?.latest ?? seq)
      return { entries, latest }
    },

    /** @returns how many were over by themselves, and how many are left */
    async sweep(
      { now, idleSince }: Alive,
      keepRevocations: Date,
    ): Promise<{ expired: number; active: number }> {
      const expired = await sweepRows(db, 'session', 'ends_at <= $1 or (seen_at <= $2 and not remembered)', [
        now,
        idleSince,
      ])
      await sweepRows(db, 'revocation', 'at < $1', [keepRevocations])
      const [row] = await db.query<{ active: number }>('select count(*)::int as active from session')
      return { expired, active: row?.active ?? 0 }
    },
  }
}
export type SessionStore = ReturnType<typeof createSessionStore>

/** What is proven within a session, and what the engine has noted of it. */
function createChanging(db: Db) {
  return {
    /** A fresh proof within a session: the same session under a new cookie, so that the old one is worth nothing. */
    async renew(id: SessionId, token: string, proof: Proof, now: Date): Promise<Session | null> {
      const [row] = await db.query(
        `update session set token_hash = $2, method = $3, acr = $4, amr = $5, auth_time = $6, seen_at = $6, network = $7
          where id = $1 returning ${columns}`,
        [id, hashed(token), proof.method, proof.acr, [...proof.amr], now, proof.network],
      )
      return row === undefined ? null : Session.parse(row)
    },

    /**
     * Another factor was shown within it, so it goes on under a new cookie. When its first one was shown stays as it is: of two proofs
     * the older one says how fresh they are. What is as strong already stays what it is.
     */
    async strengthen(
      id: string,
      account: string,
      token: string,
      { weaker, acr, amr }: Stronger,
    ): Promise<boolean> {
      const rows = await db.query(
        `update session set token_hash = $3, acr = $5, amr = amr || array(select one from unnest($6::text[]) one where one <> all (amr))
          where id = $1 and account = $2 and acr = any ($4) returning id`,
        [id, account, hashed(token), [...weaker], acr, [...amr]],
      )
      return rows.length === 1
    },

    /**
     * What the engine has changed of its own part, put into what is there: of two requests at once neither undoes the other, and neither
     * touches the cookie, which is for a sign-in alone to change. A session that has ended stays ended.
     */
    async keepEngine(id: string, account: string, { authorizations, gone, note }: Kept): Promise<boolean> {
      const rows = await db.query(
        `update session
            set engine = case when $5::jsonb is null then engine else engine - 'state' || $5::jsonb end
                || jsonb_build_object('authorizations', coalesce(engine -> 'authorizations', '{}') - $4::text[] || $3::jsonb)
          where id = $1 and account = $2 returning id`,
        [
          id,
          account,
          JSON.stringify(authorizations),
          [...gone],
          note === undefined ? null : JSON.stringify(note),
        ],
        { name: 'session-engine' },
      )
      return rows.length === 1
    },
  }
}

type Revoked = ReturnType<typeof Revoked.parse>
