import { isFault } from '../errors/index.ts'

/** Who was asked has answered, and not that it was taken. */
export class NotTaken extends Error {}

/** Before a single byte of ours went out: refused, not to be found, not to be reached. */
const neverBegun = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EDNS',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * Whether nothing can have been taken: the breaker was open, no connection came about, or the answer was a refusal. A connection that
 * broke, and an answer that did not come in time, say nothing of what was done before.
 */
export function isUntaken(error: unknown): boolean {
  if (error instanceof NotTaken || isFault(error, 'kernel.resilience.broken')) return true
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  return (typeof code === 'string' && neverBegun.has(code)) || isUntaken(error.cause)
}
