/**
 * A question is answered from memory, and must know everything that was committed before it was asked: otherwise somebody whose right was
 * taken away would still be let in. So every question waits for one look at the database that began after it came. Many questions share
 * one look: under load it is a fraction of a statement for each, and no node has to know of any other.
 */
import { setImmediate } from 'node:timers/promises'

export function coalesced<T>(look: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | undefined
  let next: Promise<T> | undefined

  /** Begins when the one in hand is over, and from then on takes nobody else along: whoever comes now comes after its beginning. */
  async function begin(): Promise<T> {
    await running
    // Everybody whose request has come in by then is taken along: a look costs more than a decision.
    await setImmediate()
    next = undefined
    const looking = look()
    running = looking.catch(() => undefined)
    return looking
  }

  return () => (next ??= begin())
}
