/**
 * Limits on how often. Counters are shared by all nodes: in PostgreSQL, or in Valkey/Redis when one is configured.
 * The account or credential counts first and the network second, with room for a hall of people behind one address.
 * Counting happens before the thing counted, in one atomic step. With the cache away, PostgreSQL counts.
 */
import { createHmac, createSecretKey } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { faults } from '../errors/index.ts'

export const limitFault = faults('kernel.limits', {
  too_many: [429, 'That was too often. Wait a little and try again.'],
})

export interface Spent {
  readonly count: number
  readonly resetSeconds: number
}

export interface Counted extends Spent {
  readonly key: string
}

interface Wanted {
  readonly key: string
  readonly windowSeconds: number
  readonly most: number
}

export interface Counters {
  /** Adds one to each in turn, atomically, and tells the new counts: no further than the first that is more than its most. */
  spend(wanted: readonly Wanted[]): Promise<Spent[]>
  /** Takes one back that came to nothing; never below none. */
  giveBack(key: string): Promise<void>
  /** Those whose key begins so and that have not ended. */
  list(prefix: string): Promise<Counted[]>
  /** Forgets the counters whose key begins so; answers how many. */
  reset(prefix: string): Promise<number>
}

interface Rule {
  readonly most: number
  readonly withinSeconds: number
}

export interface Limits {
  /** All that there can be in this service, counted at the moment or not. */
  readonly names: readonly string[]
  /** @throws Fault kernel.limits.too_many with Retry-After */
  spend(name: string, who: string, rule: Rule): Promise<void>
  /**
   * Several at once, at the cost of one: what the first refuses spends nothing of those after it. Name what many share last.
   * @throws Fault kernel.limits.too_many with Retry-After
   */
  spendInTurn(each: readonly (readonly [name: string, who: string, rule: Rule])[]): Promise<void>
  /** For what was spent and then came to nothing. */
  giveBack(name: string, who: string): Promise<void>
  reset(name?: string): Promise<number>
  /** What was counted of late, the fullest first. With `who` of those that are called one of these; nobody is named otherwise. */
  show(filter: { readonly name?: string; readonly who?: readonly string[] }): Promise<LimitShown[]>
}

export interface LimitShown {
  readonly name: string
  /** How many accounts or networks it counts at the moment. */
  readonly counters: number
  readonly highest: number
  /** When the fullest one begins anew. */
  readonly resetSeconds: number
}

export function createLimits({
  counters,
  names,
  key,
  onRefused = () => {},
}: {
  readonly counters: Counters
  /** Declared, so that an operator who has written another name hears that there is none. */
  readonly names: readonly string[]
  /** Whose digest stands in a counter cannot be tried out without it. */
  readonly key: Uint8Array
  readonly onRefused?: (name: string) => void
}): Limits {
  const secret = createSecretKey(key)
  const pseudonym = (who: string) => createHmac('sha256', secret).update(who).digest('base64url').slice(0, 22)

  const spendInTurn: Limits['spendInTurn'] = async (each) => {
    const undeclared = each.find(([name]) => !names.includes(name))
    if (undeclared !== undefined)
      throw new Error(`The limit ${undeclared[0]} is declared nowhere: name it in service.ts, under limits.`)
    const spent = await counters.spend(
      each.map(([name, who, { most, withinSeconds }]) => ({
        key: `${name}:${pseudonym(who)}`,
        windowSeconds: withinSeconds,
        most,
      })),
    )
    for (const [n, [name, , { most }]] of each.entries()) {
      const { count = 0, resetSeconds = 1 } = spent[n] ?? {}
      if (count <= most) continue
      onRefused(name)
      throw limitFault.too_many(undefined, { retryAfterSeconds: resetSeconds })
    }
  }

  return {
    names,
    spend: (name, who, rule) => spendInTurn([[name, who, rule]]),
    spendInTurn,
    giveBack: (name, who) => counters.giveBack(`${name}:${pseudonym(who)}`),
    reset: (name) => counters.reset(name === undefined ? '' : `${name}:`),
    async show({ name, who }) {
      const all = await counters.list(name === undefined ? '' : `${name}:`)
      if (who === undefined) return summary(all)
      const pseudonyms = new Set(who.map(pseudonym))
      return summary(all.filter(({ key: one }) => pseudonyms.has(one.slice(one.lastIndexOf(':') + 1))))
    },
  }
}

function summary(counted: readonly Counted[]): LimitShown[] {
  const byName = Map.groupBy(counted, ({ key }) => key.slice(0, key.lastIndexOf(':')))
  return [...byName]
    .map(([name, of]) => {
      const fullest = of.reduce((most, one) => (one.count > most.count ? one : most))
      return {
        name,
        counters: of.length,
        highest: fullest.count,
        resetSeconds: Math.round(fullest.resetSeconds),
      }
    })
    .sort((a, b) => b.highest - a.highest || (a.name < b.name ? -1 : 1))
}

/** Owns the table limit_counter. Whoever can write here can slow others down or let them try more often. */
export function countersInPostgres(db: Db): Counters {
  return {
    async spend(wanted) {
      const rows = await db.query<{ count: number; reset: number }>(
        'select count, reset from spend_limits($1, $2, $3)',
        [
          wanted.map(({ key }) => key),
          wanted.map(({ windowSeconds }) => windowSeconds),
          wanted.map(({ most }) => most),
        ],
        { name: 'limit-spend' },
      )
      return rows.map(({ count, reset }) => ({ count, resetSeconds: Math.max(1, reset) }))
    },
    async giveBack(key) {
      await db.query(
        'update limit_counter set spent = spent - 1 where key = $1 and spent > 0 and ends_at > now()',
        [key],
      )
    },
    list: (prefix) =>
      db.query<Counted>(
        `select key, spent as count, extract(epoch from ends_at - now())::float8 as "resetSeconds"
           from limit_counter where starts_with(key, $1) and ends_at > now()`,
        [prefix],
      ),
    async reset(prefix) {
      return (await db.query('delete from limit_counter where starts_with(key, $1) returning key', [prefix]))
        .length
    },
  }
}

/** What we need of a Valkey or Redis client. */
export interface CacheClient {
  eval(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>
  scan(
    cursor: string,
    match: 'MATCH',
    pattern: string,
    count: 'COUNT',
    size: number,
  ): Promise<[string, string[]]>
  del(...keys: string[]): Promise<number>
}

// One script, so that a counter can never be left without an end.
const script = `local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('PTTL', KEYS[1])}`

const back = `local n = tonumber(redis.call('GET', KEYS[1]) or '0')
if n > 0 then redis.call('DECR', KEYS[1]) end`

const look = `return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}`

/** In Valkey or Redis; when it does not answer, the fallback counts, and the loss is reported. */
export function countersInCache(
  cache: CacheClient,
  space: string,
  fallback: Counters,
  onLoss: (error: unknown) => void,
): Counters {
  const named = (key: string) => `althing:${space}:limit:${key}`
  async function spendOne(one: Wanted): Promise<Spent[]> {
    try {
      const counted = await cache.eval(script, 1, named(one.key), one.windowSeconds * 1000)
      const [count, milliseconds] = counted as [number, number]
      return [{ count, resetSeconds: Math.max(1, milliseconds / 1000) }]
    } catch (error) {
      onLoss(error)
      return fallback.spend([one])
    }
  }

  async function* keysOf(prefix: string): AsyncGenerator<string[]> {
    let cursor = '0'
    do {
      const [next, keys] = await cache.scan(cursor, 'MATCH', `${named(prefix)}*`, 'COUNT', 500)
      if (keys.length > 0) yield keys
      cursor = next
    } while (cursor !== '0')
  }
  return {
    async spend(wanted) {
      const spent: Spent[] = []
      for (const one of wanted) {
        const counted = await spendOne(one)
        spent.push(...counted)
        if (counted.some(({ count }) => count > one.most)) break
      }
      return spent
    },
    async giveBack(key) {
      try {
        await cache.eval(back, 1, named(key))
      } catch (error) {
        onLoss(error)
        await fallback.giveBack(key)
      }
    },
    async list(prefix) {
      const counted = await fallback.list(prefix)
      for await (const keys of keysOf(prefix))
        for (const key of keys) {
          const [count, milliseconds] = (await cache.eval(look, 1, key)) as [string | null, number]
          if (count !== null)
            counted.push({
              key: key.slice(named('').length),
              count: Number(count),
              resetSeconds: milliseconds / 1000,
            })
        }
      return counted
    },
    async reset(prefix) {
      let gone = await fallback.reset(prefix)
      for await (const keys of keysOf(prefix)) gone += await cache.del(...keys)
      return gone
    },
  }
}
