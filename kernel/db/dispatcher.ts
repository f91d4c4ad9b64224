import type { Database } from './database.ts'
import { outboxChannel, type Message } from './outbox.ts'

export interface DispatcherOptions {
  database: Database
  /** Resolves when the recipient has committed it. Anything thrown means: again later. */
  deliver: (to: string, message: Message) => Promise<void>
  /** For metrics and the log. Names only: a payload belongs to neither. */
  report?: (event: DispatchEvent) => void
  pollSeconds?: number
  batch?: number
  /** How long a claimed message stays ours: longer than the deadline of `deliver`. If we die, another claims it then. */
  leaseSeconds?: number
  /** First back-off and how long we try, as intervals of the database's clock. */
  backoffSeconds?: number
  deadAfterSeconds?: number
}

export interface DispatchEvent {
  outcome: 'delivered' | 'failed' | 'dead'
  topic: string
  to: string
  attempts: number
  ageSeconds: number
  error?: unknown
}

interface Claimed extends Message {
  recipient: string
  attempts: number
  ageSeconds: number
}

/** Delivers what lies in the outbox. Any number may run against one database: claims skip what another has claimed. */
export function createDispatcher(options: DispatcherOptions) {
  const { database, pollSeconds = 5 } = options
  const state: { running?: Promise<void>; again: boolean; stopped: boolean } = {
    again: false,
    stopped: false,
  }
  let timer: NodeJS.Timeout | undefined
  let unlisten: (() => Promise<void>) | undefined

  /** One run at a time; a wake-up during a round makes another round after it. */
  function wake(): Promise<void> {
    state.again = true
    state.running ??= rounds().finally(() => delete state.running)
    return state.running
  }

  async function rounds() {
    while (state.again && !state.stopped) {
      state.again = false
      await round(options, () => state.stopped).catch(() => {}) // The database is away: the next poll tries again.
    }
  }

  return {
    async start() {
      timer = setInterval(() => void wake(), pollSeconds * 1000)
      timer.unref()
      // Without a listener it still works, at the pace of the poll.
      unlisten = await database.listen(outboxChannel, () => void wake()).catch(() => undefined)
      void wake()
    },
    /** Everything due now is delivered or put off when this resolves: for tests and for a last round before stopping. */
    drain: wake,
    async stop() {
      state.stopped = true
      clearInterval(timer)
      await unlisten?.()
      await state.running
    },
  }
}

async function round(options: DispatcherOptions, isStopped: () => boolean) {
  for (;;) {
    const claimed = await claim(options)
    await Promise.all(claimed.map((message) => attempt(options, message)))
    if (claimed.length === 0 || isStopped()) return
  }
}

function claim({ database, batch = 20, leaseSeconds = 30 }: DispatcherOptions) {
  return database.query<Claimed>(
    `update outbox_message set attempts = attempts + 1, next_at = now() + make_interval(secs => $2)
      where id in (select id from outbox_message where dead_at is null and next_at <= now()
                    order by next_at limit $1 for update skip locked)
      returning id, topic, payload, recipient, attempts,
                extract(epoch from clock_timestamp() - created_at)::float8 as "ageSeconds"`,
    [batch, leaseSeconds],
    { name: 'outbox_claim' },
  )
}

async function attempt(options: DispatcherOptions, claimed: Claimed) {
  const { id, topic, payload, recipient, attempts, ageSeconds } = claimed
  const event = { topic, to: recipient, attempts, ageSeconds }
  try {
    await options.deliver(recipient, { id, topic, payload })
  } catch (error) {
    options.report?.({ ...event, outcome: await putOff(options, claimed), error })
    return
  }
  // If we die before this line the message is delivered once more: that is what the inbox is for.
  await options.database.query('delete from outbox_message where id = $1', [id], { name: 'outbox_done' })
  options.report?.({ ...event, outcome: 'delivered' })
}

/** 1 s, 2 s, 4 s … 5 min, each between half and whole so that many do not return in step; a day later it is dead and stays for the operator. */
async function putOff(
  { database, backoffSeconds = 1, deadAfterSeconds = 86_400 }: DispatcherOptions,
  { id, attempts }: Claimed,
) {
  const wait = Math.min(backoffSeconds * 2 ** Math.min(attempts - 1, 20), 300)
  const [row] = await database.query<{ dead: boolean }>(
    `update outbox_message
        set next_at = now() + make_interval(secs => $2::float8 * (0.5 + random() / 2)),
            dead_at = case when created_at < now() - make_interval(secs => $3) then now() end
      where id = $1 returning dead_at is not null as dead`,
    [id, wait, deadAfterSeconds],
  )
  return row?.dead === true ? ('dead' as const) : ('failed' as const)
}

/** Gives dead messages (all, or those of one topic) another day. Answers how many. */
export async function reviveDead(database: Pick<Database, 'query'>, topic?: string): Promise<number> {
  const rows = await database.query(
    `update outbox_message set dead_at = null, created_at = now(), next_at = now(), attempts = 0
      where dead_at is not null and ($1::text is null or topic = $1) returning id`,
    [topic ?? null],
  )
  return rows.length
}

/** A fact that its recipient has not taken yet; `isDead`: it is tried no more. */
export interface Unheard {
  readonly id: string
  readonly topic: string
  readonly to: string
  readonly attempts: number
  readonly isDead: boolean
  readonly since: Date
}

const unheard = `select id, topic, recipient as to, attempts, dead_at is not null as "isDead", created_at as since from outbox_message`

/** The dead first, then the oldest. What a fact says is for its recipient. */
export const unheardMessages = (database: Pick<Database, 'query'>): Promise<Unheard[]> =>
  database.query<Unheard>(`${unheard} order by dead_at is null, created_at, id limit 1000`)

export const deadMessages = (database: Pick<Database, 'query'>): Promise<Unheard[]> =>
  database.query<Unheard>(`${unheard} where dead_at is not null order by created_at, id limit 100`)

/** One that is dead, by its id. Answers how many there were. */
export async function dropDead(database: Pick<Database, 'query'>, id: string): Promise<number> {
  const rows = await database.query(
    'delete from outbox_message where id::text = $1 and dead_at is not null returning id',
    [id],
  )
  return rows.length
}

export interface OutboxDepth {
  waiting: number
  dead: number
}

export async function outboxDepth(database: Database): Promise<OutboxDepth> {
  const [row] = await database.query<OutboxDepth>(
    `select count(*) filter (where dead_at is null) as waiting, count(*) filter (where dead_at is not null) as dead
       from outbox_message`,
  )
  return row ?? { waiting: 0, dead: 0 }
}
