/**
 * The revocation feed, read side. The issuer publishes numbered entries; every service follows them by long poll and
 * refuses tokens that an entry names. A feed that has been silent too long means that nobody can know: deny.
 */
import { z } from 'zod'
import type { Clock } from '../context/index.ts'
import { tokenFault } from './faults.ts'

/** One entry: a session that ended, or a subject whose tokens with a lower stamp are dead. */
export const Revocation = z.object({
  seq: z.number().int().positive(),
  subject: z.string().optional(),
  /** Tokens of the subject with a stamp below this are refused. */
  stamp: z.number().int().optional(),
  session: z.string().optional(),
})
export type Revocation = z.output<typeof Revocation>
export const RevocationFeed = z.object({
  entries: z.array(Revocation),
  latest: z.number().int().nonnegative(),
})
export type RevocationFeed = z.output<typeof RevocationFeed>

interface Checked {
  readonly sub: string
  readonly stamp: number
  readonly sid?: string | undefined
}

export interface Revocations {
  /** @throws Fault kernel.token.revoked, or unavailable when the feed is too old to know. */
  check(claims: Checked): void
  apply(feed: RevocationFeed): void
  /** The number after which to ask. */
  latest(): number
}

export function createRevocations(clock: Clock, staleSeconds = 60): Revocations {
  const stamps = new Map<string, number>()
  const sessions = new Set<string>()
  let [latest, heardAt] = [0, 0]
  return {
    check({ sub, stamp, sid }) {
      if (clock.now().getTime() - heardAt > staleSeconds * 1000)
        throw tokenFault.unavailable(undefined, { retryAfterSeconds: 5 })
      if (stamp < (stamps.get(sub) ?? 0) || (sid !== undefined && sessions.has(sid)))
        throw tokenFault.revoked()
    },
    apply({ entries, latest: newest }) {
      for (const { subject, stamp, session } of entries) {
        if (subject !== undefined && stamp !== undefined)
          stamps.set(subject, Math.max(stamp, stamps.get(subject) ?? 0))
        if (session !== undefined) sessions.add(session)
      }
      latest = Math.max(latest, newest)
      heardAt = clock.now().getTime()
    },
    latest: () => latest,
  }
}

/**
 * Follows the feed until the signal ends it. `ask` is a signed call that the issuer holds open until there is news
 * (or 20 s have passed); after a failure it asks again in half a second.
 */
export async function followRevocations(
  revocations: Revocations,
  ask: (after: number, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      revocations.apply(RevocationFeed.parse(await ask(revocations.latest(), signal)))
    } catch (error) {
      if (signal.aborted) return
      onFailure(error)
      await pause(500, signal)
    }
  }
}

export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  return promise
}
