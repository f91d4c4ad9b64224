import { setTimeout as pause } from 'node:timers/promises'

type Falsy = false | null | undefined | 0 | ''

/** Far more than anything takes that comes at all: a machine that does ten other things must not decide whether a test passes. */
const patienceMs = 60_000

/**
 * Waits for what comes by itself: a letter, another node, a lock. The first that is found is what is given back, and nothing is looked for
 * again: by then it may be otherwise.
 * @param what is awaited, for whoever reads that it did not come
 */
export async function until<T>(
  look: () => T | Promise<T>,
  what = 'what was waited for',
): Promise<Exclude<T, Falsy>> {
  for (const late = performance.now() + patienceMs; ; await pause(20)) {
    const found = await look()
    if (found) return found as Exclude<T, Falsy>
    if (performance.now() > late) throw new Error(`It did not come within ${patienceMs / 1000} s: ${what}`)
  }
}

/** Whoever can ask a database: its own connection, or a transaction. */
interface Asked {
  query(sql: string): Promise<readonly unknown[]>
}

/** Until so many in this database wait for a lock that somebody else holds. */
export async function untilBlocked(database: Asked, count = 1): Promise<void> {
  const blocked = `select from pg_stat_activity
    where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`
  await until(async () => (await database.query(blocked)).length >= count, `${count} who wait for a lock`)
}
