/**
 * Who comes from which network with what was refused: a network from which many made-up things come waits in a line of its own, so that it
 * keeps nobody else waiting. Whoever sits in the same hall waits with it, and is let in.
 */
import type { Clock } from '../context/index.ts'
import { createBulkhead } from '../resilience/index.ts'
import { tokenFault } from './faults.ts'

const minuteMs = 60_000
/** Of one network, in a minute: a hall with old tokens in its pockets stays below. */
const doubtfulFrom = 50
/** Of one network at once: half of all places. */
const mostAtOnce = 256
const networksKept = 5_000

interface Seen {
  underWay: number
  refused: number
  until: number
}

export function createNetworkLines({ clock }: { readonly clock: Clock }) {
  const seen = new Map<string, Seen>()
  const line = createBulkhead({ limit: 32, queue: 512 })
  const doubtful = createBulkhead({ limit: 4, queue: 128 })

  function of(network: string): Seen {
    const now = clock.now().getTime()
    const known = seen.get(network) ?? { underWay: 0, refused: 0, until: now + minuteMs }
    if (known.until <= now) Object.assign(known, { refused: 0, until: now + minuteMs })
    if (!seen.has(network) && seen.size >= networksKept) forgetOldest()
    seen.set(network, known)
    return known
  }

  /** Of those that wait for nothing. */
  function forgetOldest(): void {
    for (const [network, { underWay }] of seen) if (underWay === 0) return void seen.delete(network)
  }

  return {
    /** @throws Fault when its line is full, and whatever `work` throws */
    async run<T>(network: string, work: () => Promise<T>): Promise<T> {
      const from = of(network)
      if (from.underWay >= mostAtOnce) throw tokenFault.unavailable(undefined, { retryAfterSeconds: 5 })
      from.underWay += 1
      try {
        return await (from.refused >= doubtfulFrom ? doubtful : line).run(work)
      } finally {
        from.underWay -= 1
      }
    },
    refused: (network: string): void => void (of(network).refused += 1),
  }
}
