/**
 * Cedar text looked over before Cedar's own parser sees it: how deeply it is nested, and where each policy ends. What stands
 * in strings and comments says nothing about either.
 */
/** Cedar's parser bears about 120 brackets within each other. */
export const deepest = 60

export interface Scanned {
  /** Each policy's text without its semicolon, with the comments before it; a policy's place is its number. */
  readonly statements: readonly string[]
  /** The most brackets, `if`s and signs that are open within each other. */
  readonly depth: number
}

/**
 * Strings, comments, words and marks. A string that is not closed reaches to the end, and is no string at no place: so nobody makes
 * this look at the same text twice.
 */
const token = /"(?:[^"\\]|\\.?)*(?:"|$)|\/\/[^\n]*|[A-Za-z_][A-Za-z0-9_]*|[^\s]/gs

/** Without the comments. */
export const tokensOf = (text: string): readonly string[] =>
  Array.from(text.matchAll(token), ([found]) => found).filter((found) => !found.startsWith('//'))

export function scan(text: string): Scanned {
  const statements: string[] = []
  const nesting = new Nesting()
  let [from, isEmpty] = [0, true]
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found.startsWith('//')) continue
    if (found === ';') {
      statements.push(text.slice(from, index))
      from = index + 1
      isEmpty = true
      nesting.end()
      continue
    }
    isEmpty = false
    nesting.meet(found)
  }
  if (!isEmpty) statements.push(text.slice(from)) // Without its semicolon: Cedar says so better than we do.
  return { statements, depth: nesting.deepest }
}

class Nesting {
  deepest = 0
  /** The `if`s that are open within each open bracket; the first is outside of all. */
  private open = [0]
  private sum = 0
  private signs = 0

  meet(found: string): void {
    if (found === '!' || found === '-') this.signs += 1
    else if (found === '(' || found === '[' || found === '{') {
      // A sign before a bracket waits until that closes.
      this.open.push(this.signs)
      this.sum += this.signs + 1
      this.signs = 0
    } else {
      this.signs = 0
      if (found === 'if') this.deepen()
      else if (found === ',') this.shut(this.open.length - 1, 0)
      else if (found === ')' || found === ']' || found === '}') this.close()
    }
    this.deepest = Math.max(this.deepest, this.sum + this.signs)
  }

  end(): void {
    this.open = [0]
    this.sum = 0
    this.signs = 0
  }

  private deepen(): void {
    const last = this.open.length - 1
    this.open[last] = (this.open[last] ?? 0) + 1
    this.sum += 1
  }

  private close(): void {
    if (this.open.length === 1) return
    this.sum -= (this.open.pop() ?? 0) + 1
  }

  private shut(at: number, ifs: number): void {
    this.sum -= (this.open[at] ?? 0) - ifs
    this.open[at] = ifs
  }
}
