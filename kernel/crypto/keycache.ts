/** Importing a public key costs as much as a verification, so the few that return are kept. Bounded, never a source of truth. */
import { toHex } from './bytes.ts'

export function createKeyCache<Key>(importKey: (raw: Uint8Array) => Key, limit = 256) {
  const kept = new Map<string, Key>()

  /** Null when the bytes are no key. Failures are not kept: a stranger could fill the cache with them. */
  return function lookup(raw: Uint8Array): Key | null {
    const name = toHex(raw)
    const known = kept.get(name)
    if (known !== undefined) return known
    try {
      const key = importKey(raw)
      if (kept.size >= limit) kept.clear() // Rare, and cheaper than an order of use.
      kept.set(name, key)
      return key
    } catch {
      return null
    }
  }
}
