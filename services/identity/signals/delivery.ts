/**
 * Tells what is due, at least once and of each person in order. A receiver that does not answer is tried for a day, with growing waits, and
 * holds up nobody but itself; what was never taken stays for an operator, who can have it sent again.
 */
import type { Clock } from '@althing/kernel/context'
import type { Log } from '@althing/kernel/telemetry'
import type { Due, Stream } from './schema.ts'
import type { DeliveryStore, StreamStore } from './store.ts'

/**
 * What a receiver said. `refused`: it will never take this one, so it is not asked again (RFC 8935, section 2.3). Reasons are a word, and
 * what the receiver said of it: the console says them in the reader's language.
 */
export type Taken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string }

interface Needs {
  readonly clock: Clock
  readonly streams: StreamStore
  readonly deliveries: DeliveryStore
  readonly send: (due: Due, stream: Stream) => Promise<Taken>
  readonly onOutcome: (method: Stream['method'], outcome: 'delivered' | 'failed' | 'dead') => void
  readonly log: Log
  readonly everyMs?: number
}

/** Longer than a call may take. */
const leaseSeconds = 30
const atOnce = 10
const deadAfterMs = 24 * 3_600_000
const firstWaitMs = 5_000
const longestWaitMs = 3_600_000

export function createDelivering({
  clock,
  streams,
  deliveries,
  send,
  onOutcome,
  log,
  everyMs = 2_000,
}: Needs) {
  const busy = new Map<string, Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  /** Each stream is worked on by itself: one that hangs is nobody else's wait. */
  async function look(): Promise<void> {
    try {
      for (const id of stopped ? [] : await deliveries.dueStreams(clock.now()))
        if (!busy.has(id))
          busy.set(
            id,
            work(id).finally(() => busy.delete(id)),
          )
    } catch (error) {
      log.warn('signals not looked at', { cause: String(error) }) // The database is away: the next look tries again.
    }
  }

  async function work(id: string): Promise<void> {
    try {
      const stream = await streams.byId(id)
      if (stream === null || stream.status !== 'enabled' || stream.method === 'poll') return
      for (;;) {
        const due = await deliveries.claim(id, clock.now(), leaseSeconds, atOnce)
        const told = await Promise.all(due.map((one) => tell(one, stream)))
        if (due.length === 0 || stopped || told.includes('failed')) return
      }
    } catch (error) {
      log.warn('signals not sent', { stream: id, cause: String(error) })
    }
  }

  async function tell(due: Due, stream: Stream): Promise<'delivered' | 'failed' | 'dead'> {
    const taken = await send(due, stream).catch((error: unknown) => {
      log.warn('a signal could not be made', { stream: stream.id, cause: String(error) })
      return { kind: 'failed', reason: 'unmade' } as const
    })
    const outcome = await settle(due, stream, taken)
    onOutcome(stream.method, outcome)
    return outcome
  }

  /** If we die before this, it is told once more: that is what its id is for. */
  async function settle({ id, attempts }: Due, { id: stream }: Stream, taken: Taken) {
    const now = clock.now()
    if (taken.kind === 'taken')
      return (await deliveries.settle(stream, [id], 'delivered', null, now), 'delivered' as const)
    if (taken.kind === 'refused')
      return (await deliveries.settle(stream, [id], 'dead', taken.reason, now), 'dead' as const)
    const waitMs = Math.min(firstWaitMs * 2 ** Math.min(attempts - 1, 20), longestWaitMs)
    const deadBefore = new Date(now.getTime() - deadAfterMs)
    const state = await deliveries.putOff(id, new Date(now.getTime() + waitMs), deadBefore, taken.reason, now)
    return state === 'dead' ? ('dead' as const) : ('failed' as const)
  }

  return {
    look: () => void look(),
    start() {
      timer = setInterval(() => void look(), everyMs).unref()
      void look()
    },
    /** Everything that is due has been tried when this resolves. */
    async drain(): Promise<void> {
      await look()
      await Promise.all(busy.values())
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await Promise.all(busy.values())
    },
  }
}
