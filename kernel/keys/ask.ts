/** How a key service is asked: within a deadline, behind a breaker, its answer bounded, no redirect followed. */
import { Fault } from '../errors/index.ts'
import { boundedText, withDeadline, type Breaker } from '../resilience/index.ts'
import { keyFault } from './port.ts'

export interface RemoteOptions {
  readonly breaker: Breaker
  readonly deadlineMs?: number | undefined
}

export interface Replied {
  readonly status: number
  readonly text: string
}

const mostBytes = 65_536

/**
 * `read` makes the answer out of what came, or throws; it looks inside the breaker, so that what cannot be read counts too. Asked once
 * more when nothing came: both questions may be asked twice.
 * @throws Fault kernel.keys.*, kernel.resilience.broken or too_late
 */
export function askKeyService<T>(
  prepare: (signal: AbortSignal) => Promise<{ readonly url: string; readonly init: RequestInit }>,
  { breaker, deadlineMs = 5_000 }: RemoteOptions,
  read: (replied: Replied) => T,
): Promise<T> {
  const once = (signal: AbortSignal) =>
    breaker.run(async () => {
      try {
        const { url, init } = await prepare(signal)
        return read(await replyTo(url, init, signal))
      } catch (error) {
        throw error instanceof Fault ? error : keyFault.unreachable(withoutQuote(error))
      }
    })
  return withDeadline(deadlineMs, (signal) =>
    once(signal).catch((error: unknown) => {
      if (signal.aborted || !(error instanceof Fault && error.code === 'kernel.keys.unreachable')) throw error
      return once(signal)
    }),
  )
}

export async function replyTo(url: string, init: RequestInit, signal: AbortSignal): Promise<Replied> {
  const response = await fetch(url, { ...init, redirect: 'error', signal })
  return { status: response.status, text: await boundedText(response, mostBytes) }
}

/** What a parser or a schema says quotes what it read, and that may be a key. */
const withoutQuote = (error: unknown): unknown =>
  error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')
    ? new Error('The key service gave an answer that cannot be read.')
    : error

/** 408, 429 and 5xx: it may go better the next time. */
export const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500
