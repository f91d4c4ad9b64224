/**
 * A change of what stands and the version of the policies that comes of it are one transaction: whoever reads the table and whoever decides see the
 * same. When somebody else has published in that very moment nothing of it is left, and it begins anew with what they made.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import type { Override } from './schema.ts'
import type { OverrideStore } from './store.ts'

export interface Parts<P = unknown> {
  readonly store: OverrideStore
  readonly record: (entry: AuditEntry) => Promise<void>
  /** Whoever has to hear of it hears it, and of nothing that did not happen. */
  readonly tell: (override: Override, by: string) => Promise<void>
  /** The policies with what stands now; null when somebody else has published in this very moment. */
  readonly publish: (by: string) => Promise<P | null>
}

interface Needs<P> {
  readonly atomically: Atomically<Parts<P>>
  /** From here on it is in force at this node; the others have heard of it with the commit. */
  readonly announce: (published: P) => void
}

class Overtaken extends Error {}
/** Each time somebody else was first: so many in a row are no coincidence. */
const mostTries = 50

export function createChanging<P>({ atomically, announce }: Needs<P>): Changing {
  async function attempt(by: string, change: (parts: Parts) => Promise<void>): Promise<P> {
    return atomically(async (parts) => {
      await change(parts)
      const published = await parts.publish(by)
      if (published === null) throw new Overtaken('Somebody else was first.')
      return published
    })
  }

  /** @throws Fault policy.overrides.busy */
  return async function changing(by, change) {
    for (let tries = 0; tries < mostTries; tries += 1) {
      try {
        return announce(await attempt(by, change))
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error
      }
    }
    throw fault.busy(undefined, { retryAfterSeconds: 1 })
  }
}
export type Changing = (by: string, change: (parts: Parts) => Promise<void>) => Promise<void>
