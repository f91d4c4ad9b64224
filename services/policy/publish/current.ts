/**
 * The current bundle, and whoever waits for a newer one. What another node published is heard at once (LISTEN), and looked for before anybody is
 * told that there is nothing newer: a node that cannot see its database does not know, and says so.
 */
import type { SignedBundle } from '@althing/kernel/authz'
import { fault } from './faults.ts'
import type { Signer } from './bundle.ts'

export type Numbered = SignedBundle & { readonly revision: number }

interface Needs {
  readonly waitMs: number
  readonly newerThan: (revision: number) => Promise<Numbered | null>
  readonly signer: Pick<Signer, 'isOurs'>
  /** Hears of each bundle that becomes the current one, before anybody else does. */
  readonly onCurrent: (bundle: Numbered) => void
  /** Somebody has written into the table who does not have the key. */
  readonly onForged: (revision: number) => void
}

export function createCurrent({ waitMs, newerThan, signer, onCurrent, onForged }: Needs) {
  let current: Numbered | undefined
  let waiting: (() => void)[] = []
  let released = false
  let forged = 0

  /** Of two that come at once the newer one stays, whichever comes first. */
  function set(bundle: Numbered): void {
    if (bundle.revision < (current?.revision ?? 0)) return
    onCurrent(bundle)
    current = bundle
    for (const wake of waiting.splice(0)) wake()
  }

  /** @throws when the database does not answer */
  async function look(): Promise<void> {
    const found = await newerThan(current?.revision ?? 0)
    if (found === null) return
    if (signer.isOurs(found)) return set(found)
    if (forged !== found.revision) onForged(found.revision)
    forged = found.revision
  }

  /** @throws Fault policy.publish.unavailable when nobody can know whether there is one */
  async function newer(revision: number): Promise<SignedBundle | null> {
    if ((current?.revision ?? 0) <= revision && !released) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, waitMs)
      waiting.push(resolve)
      await promise
      clearTimeout(timer)
      waiting = waiting.filter((one) => one !== resolve)
      if ((current?.revision ?? 0) <= revision && !released)
        await look().catch((error: unknown) => {
          throw fault.unavailable(error, { retryAfterSeconds: 1 })
        })
    }
    if (current === undefined || current.revision <= revision) return null
    return { bundle: current.bundle, signature: current.signature }
  }

  return {
    set,
    look,
    newerThan: newer,
    /** Lets everybody go, and nobody wait again: the service is closing. */
    release(): void {
      released = true
      for (const wake of waiting.splice(0)) wake()
    },
  }
}
export type Current = ReturnType<typeof createCurrent>
