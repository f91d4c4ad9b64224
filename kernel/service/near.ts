/** What somebody may have meant who wrote a word that nobody knows. */

/** The nearest known word, when it is near: a third of its letters at most, and never more than three, are others. */
export function near(word: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((one) => ({ one, changes: changes([...word.toLowerCase()], [...one.toLowerCase()]) }))
    .filter(({ one, changes }) => changes <= Math.min(3, Math.max(word.length, one.length) / 3))
    .sort((a, b) => a.changes - b.changes)
  return nearest?.one
}

/** In the words of an operator: that there is nothing of that name, what they may have meant, and what there is. */
export function noSuch(what: string, written: string, known: readonly string[]): string {
  const meant = near(written, known)
  return [
    `There is no ${what} ${written}.`,
    ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
    known.length === 0 ? 'There is none at all.' : `There are: ${known.join(', ')}.`,
  ].join('\n')
}

/** How many letters must be put in, taken out, changed, or swapped with the next (Damerau and Levenshtein). */
function changes(a: readonly string[], b: readonly string[]): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (const [i, letter] of a.entries()) {
    const next = [i + 1]
    for (const [j, other] of b.entries()) {
      const isSwapped = i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === other
      next.push(
        Math.min(
          at(row, j + 1) + 1,
          at(next, j) + 1,
          at(row, j) + (letter === other ? 0 : 1),
          isSwapped ? at(before, j - 1) + 1 : Infinity,
        ),
      )
    }
    ;[before, row] = [row, next]
  }
  return at(row, b.length)
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity
