import type { Db } from './database.ts'
import type { MigrationFolder } from './migrate.ts'

/** The tables of outbox and inbox: for the list given to `migrate` of every service. */
export const outboxMigrations: MigrationFolder = {
  name: 'kernel.db',
  folder: new URL('./migrations/', import.meta.url),
}

export const outboxChannel = 'outbox'

/** A fact as it travels: delivered at least once, in no promised order; `id` is the same at every attempt. */
export interface Message {
  id: string
  topic: string
  payload: unknown
}

/**
 * Writes a fact beside the change it speaks of: `db` is the caller's transaction, so there is never one without the other.
 * NOTIFY reaches the dispatcher at commit and is a matter of milliseconds; a lost one costs a poll at most.
 */
export function createOutbox(db: Db) {
  return {
    async send(topic: string, payload: unknown, { to }: { to: readonly string[] }): Promise<void> {
      await db.query(
        `with written as (
           insert into outbox_message (topic, payload, recipient)
           select $1, $2::jsonb, recipient from unnest($3::text[]) as recipient returning 1)
         select pg_notify('${outboxChannel}', '') from (select count(*) from written) as counted`,
        [topic, JSON.stringify(payload), [...new Set(to)]],
        { name: 'outbox_send' },
      )
    },
  }
}

/**
 * Runs `effect` unless this message was applied before, and answers whether it ran. `db` is the transaction of the effect:
 * of two deliveries at once the second waits for the first; when the first rolls back, the second does the work.
 */
export async function applyOnce(db: Db, messageId: string, effect: () => Promise<void>): Promise<boolean> {
  const fresh = await db.query(
    'insert into inbox_message (id) values ($1) on conflict do nothing returning id',
    [messageId],
    { name: 'inbox_apply' },
  )
  if (fresh.length === 0) return false
  await effect()
  return true
}

/** A sender gives up after a day, so a month is long enough to remember. */
export async function forgetApplied(db: Db, olderThanDays = 30): Promise<void> {
  await db.query('delete from inbox_message where received_at < now() - make_interval(days => $1)', [
    olderThanDays,
  ])
}
