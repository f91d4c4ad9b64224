/** `like`: pieces of text with anything between them. Each piece is taken where it first fits, so it ends in good time. */
export interface Pattern {
  readonly pieces: readonly string[]
}

/** Elements are `"Wildcard"` or `{"Literal": text}`; nothing for what is neither. */
export function readPattern(json: unknown): Pattern | undefined {
  if (!Array.isArray(json)) return undefined
  const pieces = ['']
  for (const one of json as unknown[]) {
    if (one === 'Wildcard') pieces.push('')
    else {
      const literal =
        typeof one === 'object' && one !== null ? (one as { Literal?: unknown }).Literal : undefined
      if (typeof literal !== 'string' || Object.keys(one as object).length !== 1) return undefined
      pieces.push(pieces.pop() + literal)
    }
  }
  return { pieces }
}

export function matches({ pieces }: Pattern, text: string): boolean {
  const [first = '', ...others] = pieces
  const last = others.pop()
  if (last === undefined) return text === first
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false
  let at = first.length
  for (const piece of others) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= text.length - last.length
}
