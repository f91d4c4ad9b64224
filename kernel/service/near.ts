/** What somebody may have meant who wrote a word that nobody knows. */

/** The nearest known word, when it is near: two changes at most. */
export function near(word: string, known: readonly string[]): string | undefined {
  const scored = known
    .map((one) => ({ one, distance: distance(word, one) }))
    .sort((a, b) => a.distance - b.distance)
  return scored[0] !== undefined && scored[0].distance <= 2 ? scored[0].one : undefined
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

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j += 1) {
      next.push(
        Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === b[j] ? 0 : 1)),
      )
    }
    row = next
  }
  return row[b.length] ?? 0
}
