/**
 * The revocation feed, read side. The issuer publishes numbered entries; every service follows them by long poll and
 * refuses tokens that an entry names. A feed that has been silent too long means that nobody can know: deny.
 */
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../context/index.ts'
import { tokenFault } from './faults.ts'

/** Access tokens live 15 minutes: what was revoked longer ago than this cannot come back. */
const useful = 20 * 60_000

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
  /** Whose tokens are taken beside our own, in exchange. Absent: nobody's. */
  issuers: z.array(z.string()).optional(),
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
  /** The stamp below which nothing of the subject counts any more, as far as was heard; 0 when nothing was. */
  stampOf(subject: string): number
  /** Whether tokens of this issuer are worth asking about. */
  trusts(issuer: string): boolean
  /** The number after which to ask. */
  latest(): number
}

export function createRevocations(clock: Clock, staleSeconds = 60): Revocations {
  const stamps = new Map<string, { readonly stamp: number; readonly at: number }>()
  const sessions = new Map<string, { readonly at: number }>()
  let [latest, heardAt] = [0, 0]
  let trusted: readonly string[] = []
  return {
    check({ sub, stamp, sid }) {
      if (clock.now().getTime() - heardAt > staleSeconds * 1000)
        throw tokenFault.unavailable(undefined, { retryAfterSeconds: 5 })
      if (stamp < (stamps.get(sub)?.stamp ?? 0) || (sid !== undefined && sessions.has(sid)))
        throw tokenFault.revoked()
    },
    apply({ entries, latest: newest, issuers = [] }) {
      trusted = issuers
      const at = clock.now().getTime()
      for (const { subject, stamp, session } of entries) {
        if (subject !== undefined && stamp !== undefined)
          putLast(stamps, subject, { stamp: Math.max(stamp, stamps.get(subject)?.stamp ?? 0), at })
        if (session !== undefined) putLast(sessions, session, { at })
      }
      // Numbers that go back are those of a restored database: what it revokes now has numbers that we believe to know.
      latest = newest < latest ? 0 : newest
      heardAt = at
      forget(stamps, at - useful)
      forget(sessions, at - useful)
    },
    stampOf: (subject) => stamps.get(subject)?.stamp ?? 0,
    trusts: (issuer) => trusted.includes(issuer),
    latest: () => latest,
  }
}

/** The oldest stand first, so that forgetting stops at the first that is young enough. */
function putLast<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
}

/** What was heard before then was revoked before then. */
function forget(map: Map<string, { readonly at: number }>, before: number): void {
  for (const [key, { at }] of map) {
    if (at >= before) return
    map.delete(key)
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

/** Over at once when the signal ends it, which holds nothing of it afterwards: who is away for a day is asked 170,000 times. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => {})
}
