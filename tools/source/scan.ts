/**
 * A small scanner of TypeScript: comments away, strings and templates whole. The compiler's own is not to be had since it
 * became a native program. It errs on the safe side where the language needs a parser (text between JSX tags): no string and no
 * regular expression crosses the end of its line, so one line may be misread, never the next.
 */
export interface Token {
  kind: 'word' | 'string' | 'template' | 'regex' | 'mark'
  /** Of strings and templates the content as written, without its quotes. */
  text: string
  line: number
  /** A template with `${`: its value is not known here. */
  computed?: boolean
}

const wordStart = /[\p{L}_$#]/u
const wordPart = /[\p{L}\p{N}_$]/u
/** After one of these a slash begins a regular expression, after anything else it divides. */
const beforeRegex = new Set([
  ...Array.from('(,=:[!&|?{};+-*%>~^'),
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'await',
  'yield',
  'else',
])

export function scan(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let line = 1

  const push = (kind: Token['kind'], text: string, computed = false) => {
    tokens.push({ kind, text, line, ...(computed && { computed }) })
  }
  const advance = (to: number) => {
    for (; at < to; at++) if (source[at] === '\n') line += 1
  }

  while (at < source.length) {
    const char = source[at] ?? ''
    if (source.startsWith('//', at)) advance(endOf(source, '\n', at, source.length))
    else if (source.startsWith('/*', at)) advance(endOf(source, '*/', at + 2, source.length) + 2)
    else if (char === "'" || char === '"') {
      const end = endOfQuoted(source, char, at + 1)
      if (end !== undefined) push('string', source.slice(at + 1, end))
      advance(end === undefined ? at + 1 : end + 1)
    } else if (char === '`') {
      const { end, inner } = template(source, at + 1)
      push('template', source.slice(at + 1, end), inner.length > 0)
      for (const part of inner)
        tokens.push(
          ...scan(part.text).map((token) => ({ ...token, line: token.line + line - 1 + part.line })),
        )
      advance(end + 1)
    } else if (char === '/' && startsRegex(tokens.at(-1)) && endOfRegex(source, at + 1) !== undefined) {
      const end = endOfRegex(source, at + 1) ?? at
      push('regex', source.slice(at, end))
      advance(end)
    } else if (wordStart.test(char) || /\d/.test(char)) {
      let end = at + 1
      while (end < source.length && wordPart.test(source[end] ?? '')) end += 1
      push('word', source.slice(at, end))
      advance(end)
    } else {
      if (!/\s/.test(char)) push('mark', char)
      advance(at + 1)
    }
  }
  return tokens
}

function startsRegex(before: Token | undefined) {
  return (
    before === undefined ||
    ((before.kind === 'mark' || before.kind === 'word') && beforeRegex.has(before.text))
  )
}

function endOf(source: string, what: string, from: number, otherwise: number) {
  const end = source.indexOf(what, from)
  return end === -1 ? otherwise : end
}

function endOfQuoted(source: string, quote: string, from: number) {
  for (let at = from; at < source.length && source[at] !== '\n'; at++) {
    if (source[at] === '\\') at += 1
    else if (source[at] === quote) return at
  }
  return undefined
}

function endOfRegex(source: string, from: number) {
  let inClass = false
  for (let at = from; at < source.length && source[at] !== '\n'; at++) {
    const char = source[at]
    if (char === '\\') at += 1
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '/' && !inClass) return at + 1
  }
  return undefined
}

/** Finds the closing backtick and the code inside each `${…}`. */
function template(source: string, from: number) {
  const inner: { text: string; line: number }[] = []
  let at = from
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') at += 2
    else if (source.startsWith('${', at)) {
      const end = endOfBraces(source, at + 2)
      const line = source.slice(from, at).split('\n').length - 1
      inner.push({ text: source.slice(at + 2, end), line })
      at = end + 1
    } else at += 1
  }
  return { end: Math.min(at, source.length), inner }
}

function endOfBraces(source: string, from: number) {
  let depth = 1
  let at = from
  while (at < source.length) {
    const char = source[at] ?? ''
    if (char === '`') at = template(source, at + 1).end
    else if (char === "'" || char === '"') at = endOfQuoted(source, char, at + 1) ?? at
    else if (char === '{') depth += 1
    else if (char === '}') depth -= 1
    if (depth === 0) return at
    at += 1
  }
  return source.length
}
