/**
 * One engine, as it is asked: within its time for all that is asked at once, behind its breaker, so many at a time, and once more where nothing
 * came at all. What comes of it is always an opinion: an engine that says nothing has not said yes.
 */
import { isFault, type Fault } from '@althing/kernel/errors'
import {
  createBulkhead,
  createRetryBudget,
  withDeadline,
  type Breaker,
  type Bulkhead,
} from '@althing/kernel/resilience'
import type { Opinion } from '../known.ts'
import { fault } from './faults.ts'
import type { AskedOutside, EnginePort, Said, Words } from './port.ts'

/** With what is told to people: neither is written down. */
export interface Answered extends Opinion {
  readonly reason?: Words
  /** In words, of an error. */
  readonly message?: string
}

/** Of null, which was too large to be sent, no opinion can be had. */
export type Opine = (asked: AskedOutside | null) => Promise<Answered>

export interface Asks {
  /** For so many questions at most, which are asked together from now on and have one deadline. */
  together(questions: number): Opine
}

interface Needs {
  readonly name: string
  readonly port: EnginePort
  readonly deadlineMs: number
  readonly breaker: Breaker
}

/** Sockets to one engine at once; and how many wait for one: as many as two of the longest batches. */
const room = { limit: 32, queue: 2_000 }
/** Of what is asked together so many go at once: a long batch leaves room for a single question. */
const togetherAtMost = 24

export function createAsking({ name, port, deadlineMs, breaker }: Needs): Asks {
  const bulkhead = createBulkhead(room)
  const withRetry = createRetryBudget()

  function together(questions: number): Opine {
    const begun = performance.now()
    const turns = createBulkhead({ limit: togetherAtMost, queue: questions })
    return async (asked) => {
      try {
        if (asked === null) throw fault.too_large()
        return answered(await inTime(asked, begun + deadlineMs, turns), since(begun))
      } catch (error) {
        if (!isFault(error)) throw error
        return { ...failed(error), engine: name, milliseconds: since(begun) }
      }
    }
  }

  const answered = ({ decision, ...why }: Said, milliseconds: number): Answered => ({
    ...why,
    engine: name,
    outcome: decision ? 'allow' : 'deny',
    why: null,
    milliseconds,
  })

  /** Whoever waits for a turn or for room waits no longer than the engine may take. */
  function inTime(asked: AskedOutside, ends: number, turns: Bulkhead): Promise<Said> {
    return withDeadline(Math.max(0, ends - performance.now()), (signal) =>
      turns.run(() =>
        bulkhead.run(() => withRetry(() => attempt(asked, ends, signal), isWorthAnother(signal))),
      ),
    )
  }

  async function attempt(asked: AskedOutside, ends: number, signal: AbortSignal): Promise<Said> {
    const left = Math.floor(ends - performance.now())
    if (signal.aborted || left < 1) throw fault.cut_short()
    return breaker.run(() => port.ask(asked, left).catch((error: unknown) => blamed(error, left, ends)))
  }

  /** It is no failure of an engine that it had little time left after others were asked: else a long batch would shut it for all. */
  function blamed(error: unknown, left: number, ends: number): never {
    const isLate = performance.now() > ends - 5
    if (isLate && left < deadlineMs * 0.8) throw fault.cut_short(error)
    throw error
  }

  /** A question can be asked twice. One that took all its time is not. */
  const isWorthAnother = (signal: AbortSignal) => (error: unknown) =>
    isFault(error, 'kernel.egress.unreachable') && !signal.aborted && breaker.status().state === 'closed'

  return { together }
}

const since = (at: number): number => Math.round(performance.now() - at)

function failed({ code, title }: Fault) {
  const outcome = code === 'kernel.resilience.broken' ? ('open' as const) : ('error' as const)
  return { outcome, why: code, message: title }
}
