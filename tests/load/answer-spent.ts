import { setTimeout } from 'node:timers/promises'
import { round1 } from './during.ts'

/** A process of a benchmark tells who started it where it is, and, when asked, what it has spent so far. */
export interface SpentSoFar {
  readonly cpuMs: number
  /** What the process has of the machine, and what of it is held by something. */
  readonly memoryMb: number
  readonly heapMb: number
  readonly statements: number
}

/** It ends with the one who started it. @param statements how many were sent to a database so far */
export function answerSpent(started: object, statements: () => number = () => 0): void {
  async function answer(asked: unknown): Promise<void> {
    if (asked === 'collected') await collect()
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed, external } = process.memoryUsage()
    process.send?.({
      cpuMs: (user + system) / 1000,
      memoryMb: Math.round(rss / 2 ** 20),
      heapMb: round1((heapUsed + external) / 2 ** 20),
      statements: statements(),
    } satisfies SpentSoFar)
  }
  process.on('message', (asked) => void answer(asked))
  process.once('disconnect', () => process.exit(0))
  process.send?.(started)
}

/** With the garbage gone what is left is what is held; what had a finalizer goes with the second round. */
async function collect(): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    globalThis.gc?.()
    await setTimeout(200)
  }
}
const rounds = 2
