/** Whoever has much to do in one go asks here after each part of it: others are served every few milliseconds, however long it takes. */
import { setImmediate } from 'node:timers/promises'

/** What another one may have to wait for it. */
const sliceMs = 5

/** A promise only where there is something to wait for: nearly every time there is not. */
export function createGivingWay(): () => Promise<void> | undefined {
  let begun = performance.now()
  const giveWay = async () => {
    await setImmediate()
    begun = performance.now()
  }
  return () => (performance.now() - begun < sliceMs ? undefined : giveWay())
}
