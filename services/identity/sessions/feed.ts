/** The revocation feed, write side: whoever asks waits until there is something new, or for twenty seconds. */
import type { Revocation, RevocationFeed } from '@althing/kernel/http'
import type { SessionStore } from './store.ts'

const page = 5_000

export function createFeed(store: SessionStore, waitMs: number) {
  let waiting: (() => void)[] = []
  let released = false

  async function read(after: number, officersOnly: boolean): Promise<RevocationFeed> {
    const { entries, latest } = await store.revokedAfter(after, page, officersOnly)
    return { entries: entries.map(said), latest: Math.max(latest, 0) }
  }

  /**
   * Who needs to hear of officers only hears nothing at all of others: neither what, nor, to within the wait, when.
   * Listening begins before looking, so that what comes between is not missed.
   */
  async function newerThan(
    after: number,
    { signal, officersOnly = false }: { readonly signal?: AbortSignal; readonly officersOnly?: boolean } = {},
  ): Promise<RevocationFeed> {
    const late = AbortSignal.timeout(waitMs)
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
