/** The revocation feed, write side: whoever asks waits until there is something new, or for twenty seconds. */
import type { Revocation, RevocationFeed } from '@althing/kernel/http'
import type { SessionStore } from './store.ts'

const page = 5_000
/**
 * Whoever has heard nothing yet lets nobody in: a service that has just started is not kept waiting when there is nothing to tell. A
 * house in which nobody was ever signed out is asked so often by each of its services.
 */
const firstMs = 500

/** @param issuers whose tokens are taken in exchange: who follows the feed learns it from here, and needs no setting of its own */
export function createFeed(store: SessionStore, waitMs: number, issuers: readonly string[] = []) {
  let waiting: (() => void)[] = []
  let released = false

  async function read(after: number, officersOnly: boolean): Promise<RevocationFeed> {
    const { entries, latest } = await store.revokedAfter(after, page, officersOnly)
    return {
      entries: entries.map(said),
      latest: Math.max(latest, 0),
      ...(officersOnly ? {} : { issuers: [...issuers] }),
    }
  }

  /**
   * Who needs to hear of officers only hears nothing at all of others: neither what, nor, to within the wait, when.
   * Listening begins before looking, so that what comes between is not missed.
   */
  async function newerThan(
    after: number,
    { signal, officersOnly = false }: { readonly signal?: AbortSignal; readonly officersOnly?: boolean } = {},
  ): Promise<RevocationFeed> {
    const late = AbortSignal.timeout(after === 0 ? Math.min(waitMs, firstMs) : waitMs)
    const ends = signal === undefined ? late : AbortSignal.any([late, signal])
    for (;;) {
      const news = listen(ends)
      try {
        const known = await read(after, officersOnly)
        if (known.entries.length > 0 || released || ends.aborted) return known
        await news.heard
      } finally {
        news.stop()
      }
    }
  }

  function listen(ends: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = () => resolve()
    waiting.push(end)
    ends.addEventListener('abort', end, { once: true })
    return {
      heard: promise,
      stop() {
        ends.removeEventListener('abort', end)
        waiting = waiting.filter((one) => one !== end)
      },
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
