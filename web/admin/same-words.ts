/** Whether both lists say the same, in whatever order. */
export const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.toSorted().join() === others.toSorted().join()
