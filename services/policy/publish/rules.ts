/**
 * What is published is whole, signed and numbered: text is parsed, compiled once to be sure that every service can, signed
 * as exact bytes, and kept. Publishing the same text again changes nothing.
 */
import { createHash, sign, type KeyObject } from 'node:crypto'
import {
  createEvaluator,
  writeBundle,
  type Bundle,
  type Entity,
  type Policy,
  type SignedBundle,
} from '@althing/kernel/authz'
import type { Atomically } from '@althing/kernel/service'
import type { Published } from './schema.ts'
import type { BundleStore } from './store.ts'

interface Parts {
  readonly store: BundleStore
  readonly record: (revision: number) => Promise<void>
}

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly key: KeyObject
  readonly parse: (text: string) => Promise<Record<string, Policy>>
  readonly entities: readonly Entity[]
  /** Hears of each bundle that becomes the current one. */
  readonly announce: (bundle: SignedBundle & { readonly revision: number }) => void
}

export function createPublishing({ atomically, key, parse, entities, announce }: Needs) {
  function make(revision: number, policies: Record<string, Policy>, sourceHash: Uint8Array): Published {
    const bundle: Bundle = { revision, policies, entities: [...entities] }
    createEvaluator(bundle) // Refuses here, before anybody depends on it.
    const text = writeBundle(bundle)
    return {
      revision,
      sourceHash,
      bundle: text,
      signature: sign(null, Buffer.from(`althing/bundle/v1\n${text}`), key).toString('base64url'),
    }
  }

  /** Publishes when the text differs from the latest; announces what is current either way. */
  async function publish(source: string, by: string): Promise<Published> {
    const sourceHash = createHash('sha256').update(source).digest()
    const latest = await atomically(({ store }) => store.latest())
    const isCurrent = latest !== null && sourceHash.equals(latest.sourceHash)
    const current = isCurrent
      ? resign(latest)
      : await add(make((latest?.revision ?? 0) + 1, await parse(source), sourceHash), source, by)
    announce(current)
    return current
  }

  /** The signature is made anew with the key of today: after a key change the stored one would be refused everywhere. */
  function resign(published: Published): Published {
    return {
      ...published,
      signature: sign(null, Buffer.from(`althing/bundle/v1\n${published.bundle}`), key).toString('base64url'),
    }
  }

  async function add(published: Published, source: string, by: string): Promise<Published> {
    return atomically(async ({ store, record }) => {
      if (await store.add(published, source, by)) {
        await record(published.revision)
        return published
      }
      // Another node published first; what stands there was made from the text of that node.
      const winner = await store.latest()
      return winner === null ? published : resign(winner)
    })
  }

  return { publish }
}
export type Publishing = ReturnType<typeof createPublishing>

/** Holds the current bundle and lets askers wait until there is a newer one. */
export function createCurrent(waitMs: number) {
  let current: (SignedBundle & { readonly revision: number }) | undefined
  let waiting: (() => void)[] = []
  let released = false
  return {
    set(bundle: SignedBundle & { readonly revision: number }): void {
      current = bundle
      for (const wake of waiting.splice(0)) wake()
    },
    get: () => current,
    /** Resolves when a bundle newer than `revision` is there, or after the wait. */
    async newerThan(revision: number): Promise<SignedBundle | null> {
      if ((current?.revision ?? 0) <= revision && !released) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, waitMs)
        waiting.push(resolve)
        await promise
        clearTimeout(timer)
        waiting = waiting.filter((one) => one !== resolve)
      }
      if (current === undefined || current.revision <= revision) return null
      return { bundle: current.bundle, signature: current.signature }
    },
    /** Lets everybody go, and nobody wait again: the service is closing. */
    release(): void {
      released = true
      for (const wake of waiting.splice(0)) wake()
    },
  }
}
export type Current = ReturnType<typeof createCurrent>
