import { createHash } from 'node:crypto'
import type { Db } from '@althing/kernel/db'
import { fromUtf8, openBox, sealBox, utf8, type RandomSource } from '@althing/kernel/crypto'
import { Found, Granted } from './schema.ts'

type Payload = Readonly<Record<string, unknown>>

/** For looking it up; the id itself is not kept. */
const hashOf = (kind: string, id: string): Uint8Array =>
  createHash('sha256').update(`althing/oidc/id\n${kind}\n${id}`).digest()
/** For opening it: only who shows the id can, not who reads the table. */
const keyOf = (id: string): Uint8Array => createHash('sha256').update(`althing/oidc/key\n${id}`).digest()

/** Owns the table oidc_record. Whoever can write here can make a used code or refresh token usable again, but not read one. */
export function createRecordStore(db: Db, chance: RandomSource) {
  return {
    async put(kind: string, id: string, payload: Payload, expiresInSeconds: number): Promise<void> {
      const { jti: _id, ...rest } = payload
      const grant = typeof payload['grantId'] === 'string' ? payload['grantId'] : undefined
      await db.query(
        `insert into oidc_record as r (kind, id_hash, sealed, grant_hash, account, client, expires_at, scopes)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), $8)
         on conflict (kind, id_hash) do update
               set sealed = excluded.sealed, expires_at = excluded.expires_at, scopes = excluded.scopes`,
        [
          kind,
          hashOf(kind, id),
          sealBox(keyOf(id), utf8(JSON.stringify(rest)), utf8(kind), chance),
          grant === undefined ? null : hashOf('Grant', grant),
          text(payload['accountId']),
          text(payload['clientId']),
          expiresInSeconds,
          kind === 'Grant' ? scopesOf(payload) : null,
        ],
        { name: 'oidc-put' },
      )
    },

    async find(kind: string, id: string): Promise<Record<string, unknown> | null> {
      const [row] = await db.query(
        `select sealed, consumed_at as "consumedAt" from oidc_record where kind = $1 and id_hash = $2`,
        [kind, hashOf(kind, id)],
        { name: 'oidc-find' },
      )
      if (row === undefined) return null
      const { sealed, consumedAt } = Found.parse(row)
      const opened = openBox(keyOf(id), sealed, utf8(kind))
      if (opened === null) return null
      const payload = JSON.parse(fromUtf8(opened)) as Record<string, unknown>
      return {
        ...payload,
        jti: id,
        ...(consumedAt === null ? {} : { consumed: Math.floor(consumedAt.getTime() / 1000) }),
      }
    },

    /** True for exactly one of any number that try at once. */
    async consume(kind: string, id: string): Promise<boolean> {
      const rows = await db.query(
        'update oidc_record set consumed_at = now() where kind = $1 and id_hash = $2 and consumed_at is null returning kind',
        [kind, hashOf(kind, id)],
        { name: 'oidc-consume' },
      )
      return rows.length === 1
    },

    /**
     * As above, and true again for so long as the identical retry may come and nothing has been done with its successor: of two
     * that used it, one is a thief.
     */
    async consumeOrRetry(kind: string, id: string, successor: string, seconds: number): Promise<boolean> {
      const rows = await db.query(
        `update oidc_record set consumed_at = coalesce(consumed_at, now())
          where kind = $1 and id_hash = $2 and (consumed_at is null or consumed_at > now() - make_interval(secs => $4))
            and not exists (select from oidc_record s where s.kind = $1 and s.id_hash = $3 and s.consumed_at is not null)
        returning kind`,
        [kind, hashOf(kind, id), hashOf(kind, successor), seconds],
        { name: 'oidc-consume-or-retry' },
      )
      return rows.length === 1
    },

    /** True for the first of any number that show it: what is remembered is only that it was shown, until it can be shown no more. */
    async once(kind: string, id: string, expiresInSeconds: number): Promise<boolean> {
      const rows = await db.query(
        `insert into oidc_record as r (kind, id_hash, sealed, expires_at)
         values ($1, $2, '', now() + make_interval(secs => $3))
         on conflict (kind, id_hash) do update set expires_at = excluded.expires_at where r.expires_at < now()
         returning kind`,
        [kind, hashOf(kind, id), expiresInSeconds],
        { name: 'oidc-once' },
      )
      return rows.length === 1
    },

    async remove(kind: string, id: string): Promise<void> {
      await db.query('delete from oidc_record where kind = $1 and id_hash = $2', [kind, hashOf(kind, id)], {
        name: 'oidc-remove',
      })
    },

    /** Everything that one consent gave: codes, refresh tokens, and the grant itself when `kind` is not said. */
    async removeGrant(grant: string, kind?: string): Promise<void> {
      await db.query(
        `delete from oidc_record where (grant_hash = $1 and ($2::text is null or kind = $2)) or ($2::text is null and kind = 'Grant' and id_hash = $1)`,
        [hashOf('Grant', grant), kind ?? null],
        { name: 'oidc-remove-grant' },
      )
    },

    /** What is open for applications in somebody's name, the oldest first. */
    async grantsOf(account: string): Promise<{ client: string; scopes: readonly string[]; since: Date }[]> {
      return db.query(
        `select client, scopes, started_at as since from oidc_record
          where account = $1 and kind = 'Grant' and client is not null and scopes is not null and expires_at > now()
          order by started_at`,
        [account],
      )
    },

    /** Everything that somebody gave one application. @returns how much that was */
    async removeClient(account: string, client: string): Promise<number> {
      const rows = await db.query(
        `delete from oidc_record where account = $1 and client = $2 and kind <> 'Session' returning kind`,
        [account, client],
      )
      return rows.length
    },

    /** Everything that anybody gave an application that is none any more. */
    async forgetClient(client: string): Promise<void> {
      await db.query(`delete from oidc_record where client = $1 and kind <> 'Session'`, [client])
    },

    /** What outlives a session too: after this nothing of the account can be exchanged. */
    async removeAccount(account: string): Promise<void> {
      await db.query('delete from oidc_record where account = $1', [account])
    },

    /** A used code is kept to its end, so that a second use is known as one. */
    async sweep(): Promise<void> {
      await db.query('delete from oidc_record where expires_at < now()')
    },
  }
}
export type RecordStore = ReturnType<typeof createRecordStore>

/** Of a grant: what was allowed, without what was refused beside it. */
function scopesOf({ openid, rejected, resources }: Payload): string[] {
  const { scope: told } = Granted.parse(openid ?? {})
  const elsewhere = Object.values((resources ?? {}) as Readonly<Record<string, string>>)
  const scope = [
    ...new Set([...told, ...elsewhere.flatMap((words) => Granted.parse({ scope: words }).scope)]),
  ]
  const refused = Granted.parse((rejected as Payload | undefined)?.['openid'] ?? {}).scope
  return scope.filter((one) => !refused.includes(one))
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
