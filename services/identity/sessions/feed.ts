/** The revocation feed, write side: whoever asks waits until there is something new, or for twenty seconds. */
import type { Revocation, RevocationFeed } from '@althing/kernel/http'
import type { SessionStore } from './store.ts'

const page = 5_000

export function createFeed(store: SessionStore, waitMs: number) {
  let waiting: (() => void)[] = []
  let released = false

  async function read(after: number): Promise<RevocationFeed> {
    const { entries, latest } = await store.revokedAfter(after, page)
    return { entries: entries.map(said), latest: Math.max(latest, 0) }
  }

  /** Listening begins before looking, so that what comes between is not missed. */
  async function newerThan(after: number, signal?: AbortSignal): Promise<RevocationFeed> {
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push(resolve)
    const timer = setTimeout(resolve, waitMs)
    signal?.addEventListener('abort', () => resolve(), { once: true })
    try {
      const known = await read(after)
      if (known.entries.length > 0 || released || signal?.aborted === true) return known
      await promise
      return await read(after)
    } finally {
      clearTimeout(timer)
      waiting = waiting.filter((one) => one !== resolve)
    }
  }

  const wake = (): void => waiting.splice(0).forEach((go) => go())
  /** Lets everybody go, and nobody wait again: the service is closing. */
  function release(): void {
    released = true
    wake()
  }

  return { newerThan, wake, release }
}
export type Feed = ReturnType<typeof createFeed>

function said({
  seq,
  subject,
  stamp,
  session,
}: Awaited<ReturnType<SessionStore['revokedAfter']>>['entries'][number]): Revocation {
  return {
    seq,
    ...(subject === null ? {} : { subject }),
    ...(stamp === null ? {} : { stamp }),
    ...(session === null ? {} : { session }),
  }
}
