/** For what many ask in the same moment and nothing is decided by: it is read once, and all get the same for a short while. */
import type { Clock } from '@althing/kernel/context'

export function briefly<T>(clock: Clock, keptMs: number, read: () => Promise<T>): () => Promise<T> {
  let held: { readonly until: number; readonly value: Promise<T> } | undefined
  return () => {
    const now = clock.now().getTime()
    if (held !== undefined && held.until > now) return held.value
    const mine = { until: now + keptMs, value: read() }
    held = mine
    mine.value.catch(() => {
      if (held === mine) held = undefined
    })
    return mine.value
  }
}
