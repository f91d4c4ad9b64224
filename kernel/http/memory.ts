import type { Clock } from '../context/index.ts'

interface Kept<T> {
  readonly value: T
  readonly until: number
}

const most = 5_000

/** What was found out about a token: of the youngest few thousand, each for its time. Made-up ones push out the oldest and cost no more. */
export function createMemory<T>(clock: Clock, forMs: number) {
  const kept = new Map<string, Kept<T>>()
  const now = () => clock.now().getTime()
  return {
    find(key: string): T | undefined {
      const one = kept.get(key)
      return one !== undefined && one.until > now() ? one.value : undefined
    },
    keep(key: string, value: T): void {
      if (kept.size >= most) kept.delete(kept.keys().next().value ?? '')
      kept.set(key, { value, until: now() + forMs })
    },
    forget: (key: string): boolean => kept.delete(key),
    size: () => kept.size,
  }
}
