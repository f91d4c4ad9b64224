import { setTimeout as pause } from 'node:timers/promises'

/** Waits for what comes by itself: a letter, another node, a lock. Twenty seconds at most, which a loaded machine may need. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const late = performance.now() + 20_000; performance.now() < late; await pause(25))
    if (await isSo()) return
  throw new Error('It did not come to be.')
}
