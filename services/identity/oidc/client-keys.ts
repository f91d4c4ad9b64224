/**
 * The keys that an application keeps at an address of its own. They are good for a minute, so one that it takes away there opens nothing
 * here for longer; a key of an unknown name is asked for at once, but nobody has us call an address more than once in ten seconds.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { Outgoing } from './outgoing.ts'

interface Needs {
  readonly outgoing: Outgoing
  readonly now: () => Date
}

const keptMs = 60_000
const waitMs = 10_000
/** Of addresses. Above it the one that was asked for the longest time ago goes. */
const most = 1_000

interface Kept {
  /** Null when the last try failed. */
  readonly keys: Promise<JWTVerifyGetKey | null>
  readonly at: number
}

/** @throws JWKSNoMatchingKey, also when the address does not answer: who it is by is then not known */
export function createClientKeys({ outgoing, now }: Needs): (address: string) => JWTVerifyGetKey {
  const known = new Map<string, Kept>()

  function keysAt(address: string, oldestMs: number): Promise<JWTVerifyGetKey | null> {
    const found = known.get(address)
    if (found !== undefined && now().getTime() - found.at < oldestMs) return found.keys
    const keys = fetched(address).catch(() => null)
    known.delete(address)
    known.set(address, { keys, at: now().getTime() })
    const [oldest] = known.keys()
    if (known.size > most && oldest !== undefined) known.delete(oldest)
    return keys
  }

  async function fetched(address: string): Promise<JWTVerifyGetKey> {
    const response = await outgoing(address, { headers: { accept: 'application/json' } })
    if (response.status !== 200) throw new Error(`answered ${response.status}`)
    return createLocalJWKSet((await response.json()) as JSONWebKeySet)
  }

  return (address) =>
    async (...asked) => {
      const keys = await keysAt(address, keptMs)
      try {
        if (keys !== null) return await keys(...asked)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      }
      const again = await keysAt(address, waitMs)
      if (again === null) throw new errors.JWKSNoMatchingKey()
      return again(...asked)
    }
}
