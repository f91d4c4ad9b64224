import type { Db } from '@althing/kernel/db'
import { Attempt, BrowserSession } from './schema.ts'

interface Ends {
  readonly idleSeconds: number
  readonly absoluteSeconds: number
}

/** Owns login_attempt and browser_session. Whoever can write here can sign a browser in as somebody. */
export function createSessionStore(db: Db) {
  return {
    async begin(
      stateHash: Uint8Array,
      browserHash: Uint8Array,
      { nonce, verifier, returnTo }: Attempt,
    ): Promise<void> {
      await db.query(
        `insert into login_attempt (state_hash, browser_hash, nonce, verifier, return_to, ends_at)
         values ($1, $2, $3, $4, $5, now() + interval '10 minutes')`,
        [stateHash, browserHash, nonce, verifier, returnTo],
      )
    },

    /** Burns the attempt: of two answers to one sign-in, one is taken. Another browser's state finds nothing. */
    async take(stateHash: Uint8Array, browserHash: Uint8Array): Promise<Attempt | null> {
      const [row] = await db.query(
        `delete from login_attempt where state_hash = $1 and browser_hash = $2 and ends_at > now()
         returning nonce, verifier, return_to as "returnTo"`,
        [stateHash, browserHash],
      )
      return row === undefined ? null : Attempt.parse(row)
    },

    async add(idHash: Uint8Array, one: BrowserSession, { absoluteSeconds }: Ends): Promise<void> {
      await db.query(
        `insert into browser_session (id_hash, session, subject, name, roles, tokens, access_expires_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8))`,
        [
          idHash,
          one.session,
          one.subject,
          one.name,
          one.roles,
          one.tokens,
          one.accessExpiresAt,
          absoluteSeconds,
        ],
      )
    },

    /**
     * The session behind a cookie, if it has not ended; being looked at keeps it from idling out. It waits for nobody: a row that is held while
     * its tokens are renewed is in use anyway.
     */
    async see(idHash: Uint8Array, { idleSeconds }: Ends): Promise<BrowserSession | null> {
      const [row] = await db.query(
        `with live as (
           select * from browser_session
            where id_hash = $1 and ends_at > now() and seen_at > now() - make_interval(secs => $2)
         ), touched as (
           update browser_session set seen_at = now() where id_hash = (
             select id_hash from browser_session
              where id_hash = (select id_hash from live) and seen_at < now() - interval '30 seconds' for no key update skip locked)
         )
         select session, subject, name, roles, tokens, access_expires_at as "accessExpiresAt" from live`,
        [idHash, idleSeconds],
        { name: 'session-see' },
      )
      return row === undefined ? null : BrowserSession.parse(row)
    },

    /** Held for the transaction: a refresh token is for one use, so two requests must not spend it at once. */
    async hold(idHash: Uint8Array): Promise<BrowserSession | null> {
      const [row] = await db.query(
        `select session, subject, name, roles, tokens, access_expires_at as "accessExpiresAt"
           from browser_session where id_hash = $1 for update`,
        [idHash],
      )
      return row === undefined ? null : BrowserSession.parse(row)
    },

    async renew(
      idHash: Uint8Array,
      one: Pick<BrowserSession, 'tokens' | 'accessExpiresAt' | 'roles'>,
    ): Promise<void> {
      await db.query(
        'update browser_session set tokens = $2, access_expires_at = $3, roles = $4 where id_hash = $1',
        [idHash, one.tokens, one.accessExpiresAt, one.roles],
      )
    },

    async end(idHash: Uint8Array): Promise<void> {
      await db.query('delete from browser_session where id_hash = $1', [idHash])
    },

    async endByIdentitySession(session: string): Promise<void> {
      await db.query('delete from browser_session where session = $1', [session])
    },

    async forgetEnded({ idleSeconds }: Ends): Promise<void> {
      await db.query('delete from login_attempt where ends_at < now()')
      await db.query(
        'delete from browser_session where ends_at < now() or seen_at < now() - make_interval(secs => $1)',
        [idleSeconds],
      )
    },
  }
}
export type SessionStore = ReturnType<typeof createSessionStore>
