import { scan, type Token } from './scan.ts'

/** What one file brings in and gives out, as its text says. */
export interface Module {
  tokens: Token[]
  imports: Import[]
  /** Every exported name; '*' stands for `export * from`. */
  exports: Exported[]
  /** Ways to load code that no reader of imports could follow. */
  escapes: Escape[]
}

export interface Import {
  specifier: string
  line: number
  how: 'static' | 'type' | 're-export' | 'dynamic' | 'require' | 'url'
  /** The other file's names that are used; '*' for all of them. */
  names: string[]
}

export interface Exported {
  name: string
  line: number
  isType: boolean
}

export interface Escape {
  what:
    | 'computed import'
    | 'eval'
    | 'createRequire'
    | 'require'
    | 'Worker'
    | 'child_process'
    | 'vm'
    | 'getBuiltinModule'
  line: number
}

const escapingModules: Record<string, Escape['what']> = {
  child_process: 'child_process',
  cluster: 'child_process',
  worker_threads: 'Worker',
  vm: 'vm',
}

export function readModule(source: string): Module {
  const tokens = scan(source)
  const found: Module = { tokens, imports: [], exports: [], escapes: [] }
  tokens.forEach((token, index) => {
    if (token.kind !== 'word' || isMember(tokens, index)) return
    if (token.text === 'import') readImport(found, index)
    else if (token.text === 'export') readExport(found, index)
    else if (token.text === 'require') readRequire(found, index)
    else if (token.text === 'URL') readUrl(found, index)
    else if (token.text === 'Worker' || token.text === 'SharedWorker') readWorker(found, index)
  })
  for (const { specifier, line, names } of found.imports) addEscapes(found, specifier, line, names)
  tokens.forEach(({ text, line, kind }, index) => {
    if (kind !== 'word') return
    if (text === 'getBuiltinModule') found.escapes.push({ what: 'getBuiltinModule', line })
    // A method of that name, declared (`eval(script: string): …`) or of another object, is something else.
    const isCalled =
      tokens[index + 1]?.text === '(' && tokens[index - 1]?.text !== '.' && !isDeclared(tokens, index + 1)
    if ((text === 'eval' || text === 'Function') && isCalled) found.escapes.push({ what: 'eval', line })
  })
  return found
}

/** `thing.import` and `{ import: … }` are names like any other. */
function isMember(tokens: Token[], index: number) {
  const before = tokens[index - 1]
  const isSpread = before?.text === '.' && tokens[index - 2]?.text === '.'
  return (before?.text === '.' && !isSpread) || (tokens[index + 1]?.text === ':' && before?.text !== '?')
}

function readImport({ tokens, imports, escapes }: Module, index: number) {
  const next = tokens[index + 1]
  const { line } = tokens[index] ?? { line: 0 }
  if (next === undefined || next.text === '.') return
  if (next.kind === 'string') {
    imports.push({ specifier: next.text, line, how: 'static', names: [] })
    return
  }
  if (next.text === '(') {
    const specifier = literal(tokens[index + 2], tokens[index + 3])
    if (specifier !== undefined) imports.push({ specifier, line, how: 'dynamic', names: ['*'] })
    else if (!isMethod(tokens, index + 1)) escapes.push({ what: 'computed import', line })
    return
  }
  const from = findFrom(tokens, index + 1)
  if (from === undefined) return
  const clause = tokens.slice(index + 1, from.at)
  const how = clause[0]?.text === 'type' && clause[1]?.text !== ',' ? 'type' : 'static'
  imports.push({ specifier: from.specifier, line, how, names: importedNames(clause) })
}

function readExport({ tokens, imports, exports }: Module, index: number) {
  const { line } = tokens[index] ?? { line: 0 }
  const isType = tokens[index + 1]?.text === 'type' && ['{', '*'].includes(tokens[index + 2]?.text ?? '')
  const at = isType ? index + 2 : index + 1
  const first = tokens[at]
  if (first?.text === 'default') return void exports.push({ name: 'default', line, isType: false })
  if (first?.text !== '*' && first?.text !== '{') return declared(tokens, at, line, exports)
  const close = first.text === '{' ? closing(tokens, at) : at
  const from =
    tokens[close + 1]?.text === 'from' || tokens[close + 1]?.text === 'as' ? findFrom(tokens, at) : undefined
  const names = first.text === '*' ? ['*'] : importedNames(tokens.slice(at, close + 1))
  if (from !== undefined)
    imports.push({ specifier: from.specifier, line, how: isType ? 'type' : 're-export', names })
  if (first.text === '*')
    exports.push({ name: tokens[at + 1]?.text === 'as' ? (tokens[at + 2]?.text ?? '*') : '*', line, isType })
  else for (const name of exportedNames(tokens.slice(at, close + 1))) exports.push({ name, line, isType })
}

/** `export const a = …`, `export async function b`, `export interface C`, `export const { d, e } = …`. */
function declared(tokens: Token[], from: number, line: number, exports: Exported[]) {
  let at = from
  while (['declare', 'async', 'abstract'].includes(tokens[at]?.text ?? '')) at += 1
  const keyword = tokens[at]?.text ?? ''
  const isType = keyword === 'interface' || keyword === 'type'
  if (tokens[at + 1]?.text === '*') at += 1
  const name = tokens[at + 1]
  if (name?.text === '{')
    for (const part of exportedNames(tokens.slice(at + 1, closing(tokens, at + 1) + 1)))
      exports.push({ name: part, line, isType })
  else if (name?.kind === 'word') exports.push({ name: name.text, line, isType })
}

function readRequire({ tokens, imports, escapes }: Module, index: number) {
  if (tokens[index + 1]?.text !== '(') return
  const { line } = tokens[index] ?? { line: 0 }
  const specifier = literal(tokens[index + 2], tokens[index + 3])
  if (specifier !== undefined) imports.push({ specifier, line, how: 'require', names: ['*'] })
  else if (!isMethod(tokens, index + 1)) escapes.push({ what: 'require', line })
}

/** `new URL('./worker.ts', import.meta.url)` names a file of code: it is followed like an import. */
function readUrl({ tokens, imports }: Module, index: number) {
  const specifier =
    tokens[index + 1]?.text === '(' ? literal(tokens[index + 2], tokens[index + 3]) : undefined
  const line = tokens[index]?.line ?? 0
  if (specifier !== undefined && /^[^:]*\.(ts|tsx|mjs|js)$/.test(specifier)) {
    imports.push({
      specifier: specifier.startsWith('.') ? specifier : `./${specifier}`,
      line,
      how: 'url',
      names: ['*'],
    })
  }
}

function readWorker({ tokens, imports, escapes }: Module, index: number) {
  if (tokens[index - 1]?.text !== 'new') return
  const line = tokens[index]?.line ?? 0
  escapes.push({ what: 'Worker', line })
  const specifier = literal(tokens[index + 2], tokens[index + 3])
  if (specifier !== undefined) imports.push({ specifier, line, how: 'url', names: ['*'] })
}

function addEscapes({ escapes }: Module, specifier: string, line: number, names: string[]) {
  const builtin = specifier.replace(/^node:/, '')
  const what = escapingModules[builtin]
  if (what !== undefined) escapes.push({ what, line })
  if (
    builtin === 'module' &&
    names.some((name) => name === 'createRequire' || name === '*' || name === 'default')
  ) {
    escapes.push({ what: 'createRequire', line })
  }
}

/** A plain string that is the whole (first) argument. */
function literal(token: Token | undefined, after: Token | undefined) {
  const isPlain = token?.kind === 'string' || (token?.kind === 'template' && token.computed !== true)
  return isPlain && (after?.text === ')' || after?.text === ',') ? token.text : undefined
}

/** `import(upload) { … }` in an object is a method that happens to be called so. */
function isMethod(tokens: Token[], open: number) {
  return tokens[closing(tokens, open) + 1]?.text === '{'
}

function isDeclared(tokens: Token[], open: number) {
  return [':', '{'].includes(tokens[closing(tokens, open) + 1]?.text ?? '')
}

function closing(tokens: Token[], open: number) {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: 'mark', text: '' }
    if (kind !== 'mark') continue
    if ('({['.includes(text)) depth += 1
    if (')}]'.includes(text)) depth -= 1
    if (depth === 0) return at
  }
  return tokens.length
}

function findFrom(tokens: Token[], start: number) {
  for (let at = start; at < Math.min(start + 400, tokens.length); at++) {
    const next = tokens[at + 1]
    if (tokens[at]?.text === 'from' && next?.kind === 'string') return { at, specifier: next.text }
    if (tokens[at]?.text === ';' || tokens[at]?.text === '=') return undefined
  }
  return undefined
}

/** Of `def, { a as b, type C }` the other side's names: default, a, C. */
function importedNames(clause: Token[]) {
  const open = clause.findIndex(({ text }) => text === '{')
  if (clause.some(({ text }, at) => text === '*' && clause[at + 1]?.text === 'as')) return ['*']
  const before = open === -1 ? clause : clause.slice(0, open)
  const hasDefault = before.some(({ kind, text }) => kind === 'word' && text !== 'type')
  return [
    ...(hasDefault ? ['default'] : []),
    ...(open === -1 ? [] : parts(clause.slice(open)).map(([first]) => first ?? '')),
  ]
}

/** Of `{ a as b, c: d }` our own names: b, d. */
const exportedNames = (clause: Token[]) => parts(clause).map((words) => words.at(-1) ?? '')

function parts(braces: Token[]) {
  const all: string[][] = [[]]
  for (const { kind, text } of braces.slice(1, -1)) {
    if (text === ',' && kind === 'mark') all.push([])
    else if ((kind === 'word' && text !== 'as') || kind === 'string') all.at(-1)?.push(text)
  }
  return all
    .map((words) => (words[0] === 'type' && words.length > 1 ? words.slice(1) : words))
    .filter((words) => words.length > 0)
}
