/**
 * What one request to the engine has read is not read again in it. It is gone with the request: from one to the next nothing is kept, so
 * that whatever was taken away is gone at the next question, in every process.
 */
import { Provider } from 'oidc-provider'

export interface WithinRequest<T> {
  get(key: string): Promise<T>
  /** It was read in another way. */
  put(key: string, value: T): void
}

export function withinRequest<T>(read: (key: string) => Promise<T>): WithinRequest<T> {
  const memories = new WeakMap<object, Map<string, Promise<T>>>()
  function memory(): Map<string, Promise<T>> | undefined {
    const { ctx } = Provider
    if (ctx === undefined) return undefined
    const known = memories.get(ctx) ?? new Map<string, Promise<T>>()
    memories.set(ctx, known)
    return known
  }
  return {
    get(key) {
      const known = memory()
      const answer = known?.get(key) ?? read(key)
      known?.set(key, answer)
      return answer
    },
    put: (key, value) => void memory()?.set(key, Promise.resolve(value)),
  }
}
