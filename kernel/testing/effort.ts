/**
 * What a piece of work that waits for nothing costs the processor, in milliseconds. A clock on the wall would tell what else the machine is
 * doing.
 */
export function processorMs(work: () => unknown): number {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1000
}

/** Of times that were taken: one of them may have come upon a moment in which the machine did something else. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity
