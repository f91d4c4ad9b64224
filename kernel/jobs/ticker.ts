import { Client } from 'pg'
import { setTimeout as pause } from 'node:timers/promises'

export interface Ticker {
  name: string
  everySeconds: number
  run: (signal: AbortSignal) => Promise<void>
}

export interface TickerEvent {
  ticker: string
  outcome: 'done' | 'failed'
  durationMs: number
  error?: unknown
}

/** Something to look at again and again: "which elections open now?". `run` reads what is due from the tables; it remembers nothing. */
export const ticker = (definition: Ticker): Ticker => definition

export interface TickersOptions {
  url: string
  tickers: readonly Ticker[]
  report?: (event: TickerEvent) => void
}

/**
 * Runs each ticker on one node only: the one whose connection holds its advisory lock. When that node or its connection
 * dies the lock is free and another takes over at its next turn. In the moment between, both may run: `run` must bear that.
 */
export function createTickers({ url, tickers, report }: TickersOptions) {
  const stopping = new AbortController()
  const leadership = createLeadership(url)
  let loops: Promise<void>[] = []

  async function loop(definition: Ticker) {
    const { name, everySeconds } = definition
    while (!stopping.signal.aborted) {
      const started = performance.now()
      // Without the database nobody leads, and nothing is due that could be done.
      if (await leadership.holds(name).catch(() => false)) await tick(definition, stopping.signal, report)
      const rest = Math.max(everySeconds * 1000 - (performance.now() - started), 10)
      await pause(rest, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }

  return {
    start() {
      loops = tickers.map(loop)
    },
    /** Waits for the turn that is running. */
    async stop() {
      stopping.abort()
      await Promise.all(loops)
      await leadership.close()
    },
  }
}

async function tick({ name, run }: Ticker, signal: AbortSignal, report: TickersOptions['report']) {
  const started = performance.now()
  const event = () => ({ ticker: name, durationMs: performance.now() - started })
  try {
    await run(signal)
  } catch (error) {
    report?.({ ...event(), outcome: 'failed', error })
    return
  }
  report?.({ ...event(), outcome: 'done' })
}

function createLeadership(url: string) {
  let client: Promise<Client> | undefined
  const held = new Set<string>()

  function connection() {
    client ??= connect().catch((error: unknown) => {
      client = undefined
      throw error
    })
    return client
  }

  async function connect() {
    const next = new Client({ connectionString: url, application_name: 'ticker', keepAlive: true })
    next.on('error', () => {})
    next.once('end', () => {
      client = undefined
      held.clear()
    })
    await next.connect()
    return next
  }

  // One question at a time: it is one connection, and several tickers may ask in the same moment.
  let asked: Promise<unknown> = Promise.resolve()

  function holds(name: string): Promise<boolean> {
    const answer = asked.then(() => ask(name))
    asked = answer.catch(() => {})
    return answer
  }

  async function ask(name: string): Promise<boolean> {
    const on = await connection()
    // Also when it is held already: a connection that died silently shows itself by not answering.
    const { rows } = await on.query<{ holds: boolean }>(
      held.has(name)
        ? 'select true as holds'
        : `select pg_try_advisory_lock(hashtextextended('ticker ' || $1, 0)) as holds`,
      held.has(name) ? [] : [name],
    )
    if (rows[0]?.holds === true) held.add(name)
    return held.has(name)
  }

  return {
    holds,
    async close() {
      const last = await client?.catch(() => undefined)
      await last?.end().catch(() => {})
    },
  }
}
