/**
 * Idempotency keys in PostgreSQL: the first request with a key does the work and leaves its answer in the same
 * transaction; a repetition gets that answer; the same key with another body is refused
 * (draft-ietf-httpapi-idempotency-key-header-07, section 2.6).
 */
import { createHash } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { faults } from '../errors/index.ts'

const fault = faults('kernel.idempotency', {
  reused: [422, 'This idempotency key was already used for another request. Use a new key.'],
  malformed: [400, 'The idempotency key is not right: up to 128 visible characters, alone or in quotes.'],
})

/**
 * The key that a caller sent along, if any: a string of RFC 8941 in its quotes, or the bare word that many clients send.
 * @throws Fault kernel.idempotency.malformed
 */
export function idempotencyKeyOf(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const sent = headers['idempotency-key']
  if (sent === undefined) return undefined
  const key = /^"(.*)"$/.exec(sent)?.[1] ?? sent
  if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/.test(key))
    throw fault.malformed(undefined, {
      fields: [{ pointer: '/header/idempotency-key', message: 'Is not a key.' }],
    })
  return key
}

interface Row {
  readonly request: Uint8Array
  readonly answer: unknown
}

/** Owns the table idempotency_key. Whoever can write here can replay an old answer to its own caller, and nothing else. */
export async function onceByKey<T>(
  db: Db,
  { scope, key, request }: { readonly scope: string; readonly key: string; readonly request: unknown },
  work: () => Promise<T>,
): Promise<T> {
  const digest = createHash('sha256').update(JSON.stringify(request)).digest()
  // The row is inserted before the work, in the work's transaction: a racing twin waits here for our commit.
  const mine = await db.query(
    `insert into idempotency_key (scope, key, request) values ($1, $2, $3) on conflict do nothing returning key`,
    [scope, key, digest],
  )
  if (mine.length === 0) return repeated(db, scope, key, digest)
  const answer = await work()
  await db.query('update idempotency_key set answer = $3 where scope = $1 and key = $2', [
    scope,
    key,
    JSON.stringify(answer),
  ])
  return answer
}

async function repeated<T>(db: Db, scope: string, key: string, digest: Buffer): Promise<T> {
  const [row] = await db.query<Row>(
    'select request, answer from idempotency_key where scope = $1 and key = $2',
    [scope, key],
  )
  if (row === undefined || !digest.equals(row.request)) throw fault.reused()
  return row.answer as T
}

/** Keys are kept a day; run by the service's ticker. */
export async function forgetOldKeys(db: Db): Promise<void> {
  await db.query(`delete from idempotency_key where used_at < now() - interval '24 hours'`)
}
