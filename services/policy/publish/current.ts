/**
 * The current bundle, and whoever waits for a newer one. What another node published is heard at once (LISTEN), and looked for before anybody is
 * told that there is nothing newer: a node that cannot see its database does not know, and says so.
 */
import { bundleDigest, type SignedBundle } from '@althing/kernel/authz'
import { fault } from './faults.ts'
import type { Signer } from './bundle.ts'

export type Numbered = SignedBundle & { readonly revision: number }

interface Needs {
  readonly waitMs: number
  /** Those with a higher number, the highest first. */
  readonly newerThan: (revision: number) => Promise<readonly Numbered[]>
  readonly signer: Pick<Signer, 'isOurs'>
  /** Hears of each bundle that becomes the current one, before anybody else does. */
  readonly onCurrent: (bundle: Numbered) => void
  /** Somebody has written into the table who does not have the key. */
  readonly onForged: (revision: number) => void
}

interface Holding {
  readonly revision: number
  /** SHA-256 in hex; empty of whoever does not say it. */
  readonly digest: string
}

const isSame = (current: { readonly digest: string }, digest: string): boolean =>
  digest === '' || digest === current.digest

export function createCurrent({ waitMs, newerThan, signer, onCurrent, onForged }: Needs) {
  let current: (Numbered & { readonly digest: string }) | undefined
  let waiting: (() => void)[] = []
  let released = false
  let forged = 0

  /** Of two that come at once the newer one stays, whichever comes first. */
  function set(bundle: Numbered): void {
    if (bundle.revision < (current?.revision ?? 0)) return
    onCurrent(bundle)
    current = { ...bundle, digest: bundleDigest(bundle.bundle) }
    for (const wake of waiting.splice(0)) wake()
  }

  /** What somebody else has written into the table hides nothing of ours. @throws when the database does not answer */
  async function look(): Promise<void> {
    const found = await newerThan(current?.revision ?? 0)
    for (const one of found) {
      if (signer.isOurs(one)) return set(one)
      if (forged < one.revision) onForged(one.revision)
      forged = Math.max(forged, one.revision)
    }
  }

  /**
   * Whoever holds another one than ours gets ours, and be it older: after a restored database somebody may hold one that is not there any more. They
   * do not take it, and are told by it that what they hold is not in force.
   * @throws Fault policy.publish.unavailable when nobody can know whether there is one
   */
  async function other({ revision, digest }: Holding): Promise<SignedBundle | null> {
    const isHeld = () => current === undefined || (current.revision <= revision && isSame(current, digest))
    if (isHeld() && !released) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, waitMs)
      waiting.push(resolve)
      await promise
      clearTimeout(timer)
      waiting = waiting.filter((one) => one !== resolve)
      if (isHeld() && !released)
        await look().catch((error: unknown) => {
          throw fault.unavailable(error, { retryAfterSeconds: 1 })
        })
    }
    if (current === undefined || (current.revision === revision && isSame(current, digest))) return null
    return { bundle: current.bundle, signature: current.signature }
  }

  return {
    set,
    look,
    otherThan: other,
    /** Lets everybody go, and nobody wait again: the service is closing. */
    release(): void {
      released = true
      for (const wake of waiting.splice(0)) wake()
    },
  }
}
export type Current = ReturnType<typeof createCurrent>
