import { hash } from 'node:crypto'
import { sweepRows, type Db } from '@althing/kernel/db'
import { fromUtf8, openBox, sealBox, utf8, type RandomSource } from '@althing/kernel/crypto'
import { claimsOfScopes, Found, Granted, toldAs } from './schema.ts'

type Payload = Readonly<Record<string, unknown>>

export interface NewRecord {
  readonly kind: string
  readonly id: string
  readonly payload: Payload
  readonly expiresInSeconds: number
}

/** A code or a refresh token that is used by the answer that it gives, or not at all. */
export interface Rotation {
  readonly kind: string
  readonly id: string
  readonly successor: string
  /** For how long after its use the identical retry may come; 0 when there is none. */
  readonly retrySeconds: number
}

/** What was read before it was asked for. */
export interface Ahead {
  /** Null when it is not there, undefined when it was not looked for; and whatever was taken before was not. */
  take(kind: string, id: string): Record<string, unknown> | null | undefined
}

/** $1 to $8 are columns, one row of which is one record. */
const inserting = (condition: string): string =>
  `insert into oidc_record as r (kind, id_hash, sealed, grant_hash, account, client, expires_at, scopes)
   select kind, id_hash, sealed, grant_hash, account, client, now() + make_interval(secs => seconds), string_to_array(scopes, ' ')
     from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::float8[])
          as given (kind, id_hash, sealed, grant_hash, account, client, scopes, seconds)
    where ${condition}
   on conflict (kind, id_hash) do update
         set sealed = excluded.sealed, expires_at = excluded.expires_at, scopes = excluded.scopes`

/** The eight columns of `inserting`. */
function columnsOf(records: readonly NewRecord[], chance: RandomSource): unknown[][] {
  const rows = records.map(({ kind, id, payload }) => {
    const { jti: _id, ...rest } = payload
    const sealed = sealBox(keyOf(id), utf8(JSON.stringify(rest)), utf8(kind), chance)
    const grant = text(payload['grantId'])
    return [
      kind,
      hashOf(kind, id),
      sealed,
      grant === null ? null : hashOf('Grant', grant),
      text(payload['accountId']),
      text(payload['clientId']),
      kind === 'Grant' ? scopesOf(payload).join(' ') : null,
    ]
  })
  const column = (n: number) => rows.map((row) => row[n])
  return [...[0, 1, 2, 3, 4, 5, 6].map(column), records.map(({ expiresInSeconds }) => expiresInSeconds)]
}

/**
 * What nobody has used; and a refresh token that was, for so long as the identical retry may come and nothing has been done with its
 * successor: of two that used it, one is a thief. The parameters from `first` on are its kind, its hash, that of its successor, and seconds.
 */
const usable = (first: number): string =>
  `u.kind = $${first} and u.id_hash = $${first + 1}
   and (u.consumed_at is null or ($${first + 3} > 0 and u.consumed_at > now() - make_interval(secs => $${first + 3})))
   and not exists (select from oidc_record s where s.kind = $${first} and s.id_hash = $${first + 2} and s.consumed_at is not null)`

/** For looking it up; the id itself is not kept. */
const hashOf = (kind: string, id: string): Uint8Array =>
  hash('sha256', `althing/oidc/id\n${kind}\n${id}`, 'buffer')
/** For opening it: only who shows the id can, not who reads the table. */
const keyOf = (id: string): Uint8Array => hash('sha256', `althing/oidc/key\n${id}`, 'buffer')

/** Owns the table oidc_record. Whoever can write here can make a used code or refresh token usable again, but not read one. */
export function createRecordStore(db: Db, chance: RandomSource) {
  return {
    async putAll(records: readonly NewRecord[]): Promise<void> {
      await db.query(inserting('true'), columnsOf(records, chance), { name: 'oidc-put' })
    },

    /**
     * The use of a code or a refresh token and what it gives, in one statement: what was not given was not used, however long ago it was asked
     * for, and what ended meanwhile gives nothing. @returns false when it may not be used (any more), and then nothing is written
     */
    async putUsing(
      { kind, id, successor, retrySeconds }: Rotation,
      records: readonly NewRecord[],
    ): Promise<boolean> {
      const rows = await db.query(
        `with used as (update oidc_record u set consumed_at = coalesce(consumed_at, now()) where ${usable(9)} returning kind),
              put as (${inserting('exists (select from used)')})
         select kind from used`,
        [...columnsOf(records, chance), kind, hashOf(kind, id), hashOf(kind, successor), retrySeconds],
        { name: 'oidc-put-using' },
      )
      return rows.length === 1
    },

    async find(kind: string, id: string): Promise<Record<string, unknown> | null> {
      const [row] = await db.query(
        `select sealed, consumed_at as "consumedAt" from oidc_record where kind = $1 and id_hash = $2`,
        [kind, hashOf(kind, id)],
        { name: 'oidc-find', isQuick: true },
      )
      return row === undefined ? null : opened(kind, id, row)
    },

    /** Several at once, and the grants that they came from. */
    async ahead(wanted: readonly (readonly [kind: string, id: string])[]): Promise<Ahead> {
      const hashes = wanted.map(([kind, id]) => hashOf(kind, id))
      const rows = await db.query<{ kind: string; hash: string }>(
        // A hash has its kind within: what is found is what was looked for. Lateral, so that no plan ever reads the whole table.
        `with shown as (select kind, id_hash, sealed, consumed_at, grant_hash from oidc_record
                         where kind = any($1) and id_hash = any($2))
         select kind, encode(id_hash, 'hex') as hash, sealed, consumed_at as "consumedAt" from shown
          union all
         select given.kind, encode(given.id_hash, 'hex'), given.sealed, given.consumed_at from shown
          cross join lateral (select * from oidc_record r where r.kind = 'Grant' and r.id_hash = shown.grant_hash limit 1) as given`,
        [wanted.map(([kind]) => kind), hashes],
        { name: 'oidc-ahead', isQuick: true },
      )
      const found = new Map(rows.map((row) => [`${row.kind} ${row.hash}`, row]))
      const missing = new Set(
        wanted.map(([kind], index) => `${kind} ${hex(hashes[index])}`).filter((key) => !found.has(key)),
      )
      return {
        take(kind, id) {
          const key = `${kind} ${hex(hashOf(kind, id))}`
          const row = found.get(key)
          if (row === undefined) return missing.delete(key) ? null : undefined
          found.delete(key)
          return opened(kind, id, row)
        },
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

    /** Whether it may be used now. It is asked before the work; whether it is used is decided where it is written. */
    async isUsable({ kind, id, successor, retrySeconds }: Rotation): Promise<boolean> {
      const rows = await db.query(
        `select kind from oidc_record u where ${usable(1)}`,
        [kind, hashOf(kind, id), hashOf(kind, successor), retrySeconds],
        { name: 'oidc-usable', isQuick: true },
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

    /**
     * That it was asked about. True when it was too soon, which makes the wait five seconds longer for good (RFC 8628, section 3.5). A second is
     * given for the way.
     */
    async polledTooSoon(kind: string, id: string): Promise<boolean> {
      const [row] = await db.query(
        `with before as (
           select kind, id_hash, coalesce(polled_at > now() - make_interval(secs => wait_seconds - 1), false) as soon
             from oidc_record where kind = $1 and id_hash = $2 and consumed_at is null for update)
         update oidc_record as r
            set polled_at = now(), wait_seconds = least(60, r.wait_seconds + case when before.soon then 5 else 0 end)
           from before where r.kind = before.kind and r.id_hash = before.id_hash returning before.soon`,
        [kind, hashOf(kind, id)],
        { name: 'oidc-polled' },
      )
      return row?.['soon'] === true
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

    /** Whoever has something open with an application. */
    async usersOf(client: string): Promise<string[]> {
      const rows = await db.query<{ account: string }>(
        `select distinct account from oidc_record
          where client = $1 and kind = 'Grant' and account is not null and expires_at > now()`,
        [client],
      )
      return rows.map(({ account }) => account)
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
    async sweep(most?: number): Promise<void> {
      await sweepRows(db, 'oidc_record', 'expires_at < now()', [], most)
    },
  }
}
export type RecordStore = ReturnType<typeof createRecordStore>

function opened(kind: string, id: string, row: unknown): Record<string, unknown> | null {
  const { sealed, consumedAt } = Found.parse(row)
  const open = openBox(keyOf(id), sealed, utf8(kind))
  if (open === null) return null
  const consumed = consumedAt === null ? {} : { consumed: Math.floor(consumedAt.getTime() / 1000) }
  return { ...(JSON.parse(fromUtf8(open)) as Record<string, unknown>), jti: id, ...consumed }
}

const hex = (bytes: Uint8Array = new Uint8Array()): string => Buffer.from(bytes).toString('hex')

/** Of a grant: what was allowed, without what was refused beside it. */
function scopesOf({ openid, rejected, resources }: Payload): string[] {
  const { scope: told } = Granted.parse(openid ?? {})
  const elsewhere = Object.values((resources ?? {}) as Readonly<Record<string, string>>)
  const scope = [
    ...new Set([...told, ...elsewhere.flatMap((words) => Granted.parse({ scope: words }).scope)]),
  ]
  // A claim that was asked for by itself is told under the name of its kind, and gives no right to the rest of it.
  const claims = ((openid as { claims?: readonly string[] } | undefined)?.claims ?? []).flatMap((claim) =>
    Object.entries(claimsOfScopes).flatMap(([kind, names]) =>
      (names as readonly string[]).includes(claim) ? [kind] : [],
    ),
  )
  scope.push(...new Set(claims.filter((kind) => !scope.includes(kind)).map(toldAs)))
  const refused = Granted.parse((rejected as Payload | undefined)?.['openid'] ?? {}).scope
  return scope.filter((one) => !refused.includes(one))
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
