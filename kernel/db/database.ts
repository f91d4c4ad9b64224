import type { Duplex } from 'node:stream'
import { Client, Pool, type ClientBase, type QueryResult } from 'pg'
import { translate, DatabaseError } from './errors.ts'
import { createGathering } from './gathering.ts'
import { createListener } from './listen.ts'
import { parsers } from './parsers.ts'

export type Row = Record<string, unknown>

/** A place to run statements: the pool or one transaction. Code that takes a Db cannot tell which, and need not. */
export interface Db {
  query<R = Row>(text: string, params?: readonly unknown[], options?: QueryOptions): Promise<R[]>
}

export interface QueryOptions {
  /** Prepares the statement once per connection: for hot paths, and always with the same text. */
  readonly name?: string
  /** It changes nothing, waits for nobody and is over at once: outside of a transaction it may go out with others (gathering.ts). */
  readonly isQuick?: boolean
}

export interface TransactionOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readOnly?: boolean
}

export interface Database extends Db {
  /** Commits when `work` ends well, rolls back when it throws. Never runs `work` twice: the caller knows what may be repeated. */
  transaction<T>(work: (db: Db) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Several questions on one connection, without a transaction: sent side by side they cost one way there and back. */
  together<T>(ask: (db: Db) => Promise<T>): Promise<T>
  /** Calls `heard` for each NOTIFY, and once more (payload '') after a lost connection: something may have been missed. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>
  stats(): DatabaseStats
  close(): Promise<void>
}

export interface DatabaseStats {
  connections: number
  idle: number
  waiting: number
}

export interface DatabaseOptions {
  url: string
  max?: number
  statementTimeoutMs?: number
  applicationName?: string
}

export function openDatabase(options: DatabaseOptions): Database {
  // What is sent side by side in one transaction goes out at once, and costs one way there and back.
  const pool = new Pool({ ...settings(options), pipeline: true })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  const listener = createListener(() => new Client(settings(options)))

  const gathered = createGathering((ask) => together(pool, ask))

  return {
    query: <R>(text: string, params?: readonly unknown[], options: QueryOptions = {}) =>
      options.isQuick === true
        ? gathered<R>(text, params, options)
        : run<R>(pool, text, params, options.name),
    transaction: (work, transactionOptions) => transaction(pool, work, transactionOptions),
    together: (ask) => together(pool, ask),
    listen: listener.listen,
    stats: () => ({ connections: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async close() {
      await listener.close()
      await pool.end()
    },
  }
}

function settings({
  url,
  max = 10,
  statementTimeoutMs = 15_000,
  applicationName = 'althing',
}: DatabaseOptions) {
  return {
    connectionString: url,
    max,
    application_name: applicationName,
    // A transaction whose owner hangs must not hold its locks for ever: four statements' worth of silence ends it.
    options: `-c TimeZone=UTC -c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=${statementTimeoutMs * 4}`,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // A tool that has said all it had to say may end though connections still wait in the pool.
    allowExitOnIdle: true,
    types: parsers,
  }
}

async function run<R>(on: Pool | ClientBase, text: string, params: readonly unknown[] = [], name?: string) {
  try {
    // Without parameters the simple protocol is used, which also takes several statements at once (migrations).
    const query = {
      text,
      ...(params.length > 0 && { values: [...params] }),
      ...(name !== undefined && { name }),
    }
    const result: QueryResult | QueryResult[] = await on.query(query)
    return (Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows) as R[]
  } catch (error) {
    throw translate(error)
  }
}

async function transaction<T>(
  pool: Pool,
  work: (db: Db) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const { client, giveBack } = await lend(pool)
  const { db, end } = openOn(client)
  let isDirty = false
  try {
    // Waited for: what was sent beside a beginning that failed would be committed by itself, statement for statement.
    await run(client, begin(options))
    const value = await inOnePiece(client, () => work(db))
    end()
    await commit(client)
    return value
  } catch (error) {
    end()
    await client.query('rollback').catch(() => (isDirty = true))
    throw error
  } finally {
    giveBack(isDirty)
  }
}

async function together<T>(pool: Pool, ask: (db: Db) => Promise<T>): Promise<T> {
  const { client, giveBack } = await lend(pool)
  const { db, end } = openOn(client)
  // After a failure others may still be under way on it.
  let isDirty = true
  try {
    const answer = await inOnePiece(client, () => ask(db))
    isDirty = false
    return answer
  } finally {
    end()
    giveBack(isDirty)
  }
}

/** While a connection is lent the pool does not hear that it broke, and a break that nobody hears of ends the process. */
async function lend(pool: Pool) {
  const client = await connect(pool)
  let isBroken = false
  const broke = () => void (isBroken = true)
  client.on('error', broke)
  return {
    client,
    giveBack(isDirty: boolean) {
      // One that goes for good may still say something on its way out.
      if (!isDirty && !isBroken) client.off('error', broke)
      client.release(isDirty || isBroken)
    },
  }
}

/** One connection for as long as its owner has it: statements sent side by side are run in the order in which they were sent. */
function openOn(client: ClientBase): { readonly db: Db; end(): void } {
  let over = false
  return {
    db: {
      query<R>(text: string, params?: readonly unknown[], { name }: QueryOptions = {}) {
        // A promise nobody waited for would otherwise run in the next owner's transaction.
        if (over) throw new DatabaseError('other', { code: 'transaction is over' })
        return run<R>(client, text, params, name)
      },
    },
    end: () => void (over = true),
  }
}

/** What is sent before anybody waits for an answer leaves in one write: each one wakes the server, and costs as much as its statement. */
function inOnePiece<T>(client: ClientBase, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection
  stream.cork()
  process.nextTick(() => stream.uncork())
  return send()
}

function begin({ isolation = 'read committed', readOnly = false }: TransactionOptions) {
  return `begin isolation level ${isolation}${readOnly ? ' read only' : ''}`
}

/** PostgreSQL answers COMMIT of a failed transaction with a polite ROLLBACK: nobody may take that for a success. */
async function commit(client: ClientBase) {
  const { command } = await client.query('commit').catch((error: unknown) => {
    throw translate(error)
  })
  if (command !== 'COMMIT')
    throw new DatabaseError('other', { code: 'rolled back: an earlier statement failed' })
}

async function connect(pool: Pool) {
  try {
    return await pool.connect()
  } catch (error) {
    throw translate(error)
  }
}
