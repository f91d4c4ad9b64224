/** A process of a benchmark tells who started it where it is, and, when asked, what it has spent so far. */
export interface SpentSoFar {
  readonly cpuMs: number
  readonly memoryMb: number
  readonly statements: number
}

/** It ends with the one who started it. @param statements how many were sent to a database so far */
export function answerSpent(started: object, statements: () => number = () => 0): void {
  process.on('message', (asked) => {
    // With the garbage gone what is left is what is held.
    if (asked === 'collected') globalThis.gc?.()
    const { user, system } = process.cpuUsage()
    process.send?.({
      cpuMs: (user + system) / 1000,
      memoryMb: Math.round(process.memoryUsage().rss / 2 ** 20),
      statements: statements(),
    } satisfies SpentSoFar)
  })
  process.once('disconnect', () => process.exit(0))
  process.send?.(started)
}
