/**
 * How large a schema becomes. Cedar writes a type out wherever it is named, already while it reads: a kilobyte of types that name each other
 * twice would take a core for a minute. So it is counted in the text, before Cedar sees it.
 */
import { tokensOf } from './scan.ts'

/** Attributes of types that are written out for others. A validator copies them for each policy that looks at one. */
export const mostExpanded = 20_000
/** Types within each other: Cedar goes down into them, and we as well. */
const deepest = 100

interface Statement {
  readonly namespace: string
  /** Of `type Name = …`. */
  readonly type: string | null
  /** How many are declared with it: `entity A, B { … }` is both, written out. */
  readonly names: number
  readonly attributes: number
  readonly named: readonly string[]
}

/** How many attributes there are in what is written out, all in all; what stands in the text itself is not counted. */
export function expansion(schema: string): number {
  const statements = statementsIn(tokensOf(schema))
  const types = Map.groupBy(
    statements.filter(({ type }) => type !== null),
    ({ namespace, type }) => whole(namespace, type ?? ''),
  )
  const sizes = new Map<string, number>()

  function sizeOf(name: string, depth: number): number {
    const known = sizes.get(name)
    if (known !== undefined) return known
    if (depth > deepest) return Number.POSITIVE_INFINITY
    // One that is within itself is refused by Cedar, with its name.
    sizes.set(name, 1)
    const size = sum(types.get(name) ?? [], (one) => 1 + one.attributes + writtenOut(one, depth + 1))
    sizes.set(name, size)
    return size
  }

  const writtenOut = ({ namespace, named }: Statement, depth: number): number =>
    sum(named, (name) => {
      const found = [whole(namespace, name), name].find((one) => types.has(one))
      return found === undefined ? 0 : sizeOf(found, depth)
    })

  return sum(statements, (one) => one.names * writtenOut(one, 0))
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((all, one) => all + of(one), 0)
}

const whole = (namespace: string, name: string): string => (namespace === '' ? name : `${namespace}::${name}`)
const isWord = (token: string | undefined): token is string => token !== undefined && /^[A-Za-z_]/.test(token)
const opens: readonly string[] = ['{', '[', '(']
const closes: readonly string[] = ['}', ']', ')']

/** What is no schema comes out somehow: Cedar says so better than we do. */
function statementsIn(tokens: readonly string[]): Statement[] {
  const statements: Statement[] = []
  let [namespace, nested, from] = ['', 0, 0]
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? ''
    const begun = nested === 0 && token === 'namespace' ? pathAt(tokens, at + 1) : undefined
    if (begun !== undefined && tokens[begun.end] === '{') {
      namespace = begun.path
      at = begun.end
      from = at + 1
    } else if (nested === 0 && (token === ';' || token === '}')) {
      statements.push(statementOf(tokens.slice(from, at), namespace))
      if (token === '}') namespace = ''
      from = at + 1
    } else if (opens.includes(token)) nested += 1
    else if (closes.includes(token)) nested -= 1
  }
  return [...statements, statementOf(tokens.slice(from), namespace)]
}

function statementOf(tokens: readonly string[], namespace: string): Statement {
  const declares = tokens.findIndex(
    (token, at) => token === 'type' && isWord(tokens[at + 1]) && tokens[at + 2] === '=',
  )
  const named: string[] = []
  let [nested, names, attributes] = [0, 1, 0]
  for (let at = declares < 0 ? 0 : declares + 3; at < tokens.length; at += 1) {
    const token = tokens[at] ?? ''
    if (opens.includes(token)) nested += 1
    else if (closes.includes(token)) nested -= 1
    else if (token === ',' && nested === 0) names += 1
    else if (token === ':') attributes += 1
    const found = pathAt(tokens, at)
    if (found === undefined) continue
    at = found.end - 1
    // What stands before a colon is the name of an attribute.
    const next = tokens[found.end] === '?' ? tokens[found.end + 1] : tokens[found.end]
    if (next !== ':') named.push(found.path)
  }
  return { namespace, type: declares < 0 ? null : (tokens[declares + 1] ?? null), names, attributes, named }
}

/** `A::B::C`, and where it ends. */
function pathAt(
  tokens: readonly string[],
  from: number,
): { readonly path: string; readonly end: number } | undefined {
  const first = tokens[from]
  if (!isWord(first)) return undefined
  const parts = [first]
  let end = from + 1
  for (; tokens[end] === ':' && tokens[end + 1] === ':'; end += 3) {
    const part = tokens[end + 2]
    if (!isWord(part)) break
    parts.push(part)
  }
  return { path: parts.join('::'), end }
}
