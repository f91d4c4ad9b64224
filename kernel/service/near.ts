/** What somebody may have meant who wrote a word that nobody knows. */

/** The nearest known word, when it is near. */
export function near(word: string, known: readonly string[]): string | undefined {
  const nearest = nearestTo(word)
  for (const one of known) nearest.see(one)
  return nearest.found()
}

/**
 * The same of words that are seen one after the other, however many. Near is: a third of the letters at most, and never more than three, are others. Of those
 * that are equally near it is the first.
 */
export function nearestTo(word: string): Nearest {
  const written = word.toLowerCase()
  const changesWithin = createMeasure()
  let [found, least]: [string | undefined, number] = [undefined, mostChanges + 1]
  return {
    see(one) {
      const most = Math.min(least - 1, Math.floor(Math.max(word.length, one.length) / 3))
      const count = changesWithin(written, one.toLowerCase(), most)
      if (count <= most) [found, least] = [one, count]
    },
    found: () => found,
  }
}
interface Nearest {
  see(one: string): void
  found(): string | undefined
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

/**
 * How many letters must be put in, taken out, changed, or swapped with the next (Damerau and Levenshtein); more than `most` when it is more. From the end, for
 * names that belong together begin alike; and only as far as it can still be `most`. Its rows are used again and again: there may be a million words.
 */
function createMeasure(): (a: string, b: string, most: number) => number {
  let [before, row, next] = [new Int32Array(width), new Int32Array(width), new Int32Array(width)]
  return (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return far
    before.fill(far)
    // Place `middle + shift` of row i: what the last i letters of the one are from the last i + shift of the other.
    for (let place = 0; place < width; place += 1) row[place] = place < middle ? far : place - middle
    next.fill(far)
    for (let i = 1; i <= a.length; i += 1) {
      let least = far
      for (let shift = -most; shift <= most; shift += 1) {
        const count = fewest(a, b, i, shift, before, row, next)
        next[middle + shift] = count
        if (count < least) least = count
      }
      if (least > most) return far
      ;[before, row, next] = [row, next, before]
    }
    return row[middle + b.length - a.length] ?? far
  }
}

const mostChanges = 3
const middle = mostChanges + 1
/** With a place at each end that is far from everything. */
const width = 2 * middle + 1
const far = 1000

/** At one place of a row. All is given one by one: to make something of it for each letter is what takes long. */
function fewest(
  a: string,
  b: string,
  i: number,
  shift: number,
  before: Int32Array,
  row: Int32Array,
  next: Int32Array,
): number {
  const [j, place] = [i + shift, middle + shift]
  if (j < 0 || j > b.length) return far
  const [one, other] = [a.charCodeAt(a.length - i), b.charCodeAt(b.length - j)]
  let count = (row[place] ?? far) + (one === other ? 0 : 1)
  const more = Math.min(row[place + 1] ?? far, next[place - 1] ?? far) + 1
  if (more < count) count = more
  const isSwapped =
    one === b.charCodeAt(b.length - j + 1) && a.charCodeAt(a.length - i + 1) === other && i > 1 && j > 1
  return isSwapped ? Math.min(count, (before[place] ?? far) + 1) : count
}
