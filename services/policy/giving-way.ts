/** Whoever has much to do in one go asks here after each part of it: others are served every few milliseconds, however long it takes. */
import { setImmediate } from 'node:timers/promises'

/** What another one may have to wait for it. */
const sliceMs = 5

export function createGivingWay(): () => Promise<void> {
  let begun = performance.now()
  return async () => {
    if (performance.now() - begun < sliceMs) return
    await setImmediate()
    begun = performance.now()
  }
}
