import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { scan, type Token } from './source/scan.ts'
import { circles, readGraph, readTree, type Tree } from './source/tree.ts'

/**
 * Numbers that may fall and not rise. `tools/ratchet.json` keeps today's; a check that finds less writes the lower number.
 * When something has to grow all the same: `node tools/ratchet.ts --accept`, and say why in the commit.
 */
export interface Measures {
  /** Functions of more than 60 lines, files of more than 300: tests, tables (settings are one) and texts do not count. */
  longFunctions: number
  longFiles: number
  suppressions: number
  circles: number
}

/** Where the numbers come from, worst first: what a message can name. */
export type Offenders = { [measure in keyof Measures]: string[] }

const isTable = (path: string) =>
  /(^tests\/)|\.test\.ts$|(texts?|words|tables?|settings|fixtures?)(\.[a-z]+)?\.tsx?$|\/texts\//.test(path)

export function measure(tree: Tree): Offenders {
  const offenders: Offenders = { longFunctions: [], longFiles: [], suppressions: [], circles: [] }
  for (const [path, text] of tree) {
    if (!/\.tsx?$/.test(path)) continue
    suppressions(text).forEach((line) => offenders.suppressions.push(`${path}:${line}`))
    if (isTable(path)) continue
    const lines = text.split('\n').length - 1
    if (lines > 300) offenders.longFiles.push(`${path} (${lines} lines)`)
    for (const { line, length } of functions(text)) {
      if (length > 60) offenders.longFunctions.push(`${path}:${line} (${length} lines)`)
    }
  }
  offenders.circles = circles(readGraph(tree)).map((circle) => circle.join(' → '))
  return offenders
}

function suppressions(text: string) {
  const mark = new RegExp(String.raw`(oxlint|eslint)-disable|@ts-(ignore|expect-error|nocheck)`)
  return text
    .split('\n')
    .flatMap((line, index) => (mark.test(line.replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, '')) ? [index + 1] : []))
}

/**
 * Lines from the brace that opens a body to the one that closes it, without the bodies of functions inside: a factory of ten
 * short verbs is ten short functions.
 */
export function functions(text: string) {
  const tokens = scan(text)
  const found: { line: number; length: number; end: number }[] = []
  const open: typeof found = []
  tokens.forEach((token, at) => {
    if (token.text !== '{' || token.kind !== 'mark' || !opensBody(tokens, at)) return
    const end = closing(tokens, at)
    const lines = (tokens[end]?.line ?? token.line) - token.line + 1
    while (open.length > 0 && (open.at(-1)?.end ?? 0) < at) open.pop()
    const around = open.at(-1)
    if (around !== undefined) around.length -= lines - 1
    const one = { line: token.line, length: lines, end }
    open.push(one)
    found.push(one)
  })
  return found.map(({ line, length }) => ({ line, length }))
}

/** After `=>`, or after the closing parenthesis of parameters (with or without a result type), but not after `if (…)`. */
function opensBody(tokens: Token[], brace: number) {
  if (tokens[brace - 1]?.text === '>' && tokens[brace - 2]?.text === '=') return true
  if ('<|&,(['.includes(tokens[brace - 1]?.text ?? '<')) return false // The shape of a type, or an argument.
  let at = brace - 1
  // Back over a result type: `): Promise<{ a: string }> {`. Without semicolons only the colon tells it from a line before.
  while (at > 0 && brace - at < 60 && !'){;='.includes(tokens[at]?.text ?? ';')) {
    at = (tokens[at]?.text === '}' ? opening(tokens, at, '{', '}') : at) - 1
  }
  if (tokens[at]?.text !== ')') return false
  const hasType = tokens[at + 1]?.text === ':' && brace - at > 2
  if (at !== brace - 1 && !hasType) return false
  const before = tokens[opening(tokens, at, '(', ')') - 1]?.text ?? ''
  return !['if', 'for', 'while', 'switch', 'catch', 'with', 'await'].includes(before)
}

function closing(tokens: Token[], from: number) {
  let depth = 0
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]?.kind !== 'mark') continue
    if (tokens[at]?.text === '{') depth += 1
    if (tokens[at]?.text === '}') depth -= 1
    if (depth === 0) return at
  }
  return tokens.length - 1
}

function opening(tokens: Token[], from: number, open: string, close: string) {
  let depth = 0
  for (let at = from; at >= 0; at--) {
    if (tokens[at]?.kind !== 'mark') continue
    if (tokens[at]?.text === close) depth += 1
    if (tokens[at]?.text === open) depth -= 1
    if (depth === 0) return at
  }
  return 0
}

export interface Verdict {
  grown: string[]
  next: Measures
}

/** Compares with what was kept; without anything kept, today's numbers are the beginning. */
export function compare(kept: Measures | undefined, now: Offenders): Verdict {
  const grown: string[] = []
  const next = {} as Measures
  for (const name of Object.keys(now) as (keyof Measures)[]) {
    const count = now[name].length
    const most = kept?.[name] ?? count
    next[name] = Math.min(most, count)
    if (count > most)
      grown.push(
        `${name}: ${most} were there, now ${count}. Bring it down again:\n  ${now[name].join('\n  ')}`,
      )
  }
  return { grown, next }
}

function main() {
  const path = fileURLToPath(new URL('ratchet.json', import.meta.url))
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Measures) : undefined
  const now = measure(readTree(fileURLToPath(new URL('..', import.meta.url))))
  const accept = process.argv.includes('--accept')
  const { grown, next } = compare(accept ? undefined : kept, now)
  for (const line of grown) console.log(line)
  const text = `${JSON.stringify(next, null, 2)}\n`
  if (kept === undefined || text !== `${JSON.stringify(kept, null, 2)}\n`) writeFileSync(path, text)
  process.exitCode = grown.length === 0 ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
