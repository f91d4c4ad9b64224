import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readModule } from './module.ts'
import { scan } from './scan.ts'
import { circles, readGraph, shortestPath } from './tree.ts'

const words = (source: string) =>
  scan(source)
    .filter(({ kind }) => kind === 'word')
    .map(({ text }) => text)
const specifiers = (source: string) =>
  readModule(source).imports.map(({ specifier, how }) => `${how} ${specifier}`)

test('comments, strings, templates and regular expressions are told from code', () => {
  assert.deepEqual(words(`a // import 'x'\n/* b */ c`), ['a', 'c'])
  assert.deepEqual(words(`f('it is // no comment', "nor /* this")`), ['f'])
  assert.deepEqual(words('x = /[/\'"`]/.test(y)'), ['x', 'test', 'y'])
  assert.deepEqual(words('a / b / c'), ['a', 'b', 'c'])
  assert.deepEqual(words('`one ${two(`three ${four}`)} five`'), ['two', 'four'])
  assert.deepEqual(words("'a\\'b' + c"), ['c'])
  assert.deepEqual(words("const { '}': a } = `${ { b: '}' }.b }`"), ['const', 'a', 'b', 'b'])
})

test('lines are counted through everything', () => {
  const tokens = scan('/*\n\n*/ a\n`\n${b}\n` c\n')
  assert.deepEqual(
    tokens.filter(({ kind }) => kind === 'word').map(({ text, line }) => [text, line]),
    [
      ['a', 3],
      ['b', 5],
      ['c', 6],
    ],
  )
})

test('text between tags spoils its own line at most', () => {
  const source = `export const page = () => <p>Don't worry</p>\nimport { a } from './a.ts'\n`
  assert.deepEqual(specifiers(source), ['static ./a.ts'])
})

test('every way to bring something in is seen', () => {
  const source = `
    import './side.ts'
    import fallback, { a as b, type C } from './named.ts'
    import * as all from './all.ts'
    import type { D } from './types.ts'
    export { e as f } from './again.ts'
    export * from './everything.ts'
    export type { G } from './again-types.ts'
    type H = import('./inline.ts').H
    const i = await import('./dynamic.ts')
    const j = await import(\`./template.ts\`)
    const k = require('./required.ts')
    const l = new Worker(new URL('./worker.ts', import.meta.url))
  `
  assert.deepEqual(specifiers(source).sort(), [
    'dynamic ./dynamic.ts',
    'dynamic ./inline.ts',
    'dynamic ./template.ts',
    're-export ./again.ts',
    're-export ./everything.ts',
    'require ./required.ts',
    'static ./all.ts',
    'static ./named.ts',
    'static ./side.ts',
    'type ./again-types.ts',
    'type ./types.ts',
    'url ./worker.ts',
  ])
  assert.deepEqual(readModule(source).imports[1]?.names, ['default', 'a', 'C'])
})

test('what only looks like an import is none', () => {
  assert.deepEqual(
    specifiers(`x.import('./a.ts'); const y = { import: 1 }; import.meta.url; // import './b.ts'`),
    [],
  )
  assert.deepEqual(readModule('const members = { import(file) { return file } }').escapes, [])
})

test('ways around the imports are named', () => {
  const escapes = (source: string) => readModule(source).escapes.map(({ what }) => what)
  assert.deepEqual(escapes('await import(name)'), ['computed import'])
  assert.deepEqual(escapes('await import(`./${name}.ts`)'), ['computed import'])
  assert.deepEqual(escapes(`import { createRequire } from 'node:module'`), ['createRequire'])
  assert.deepEqual(escapes(`import { spawn } from 'child_process'`), ['child_process'])
  assert.deepEqual(escapes(`import { Worker } from 'node:worker_threads'; new Worker(file)`).sort(), [
    'Worker',
    'Worker',
  ])
  assert.deepEqual(escapes(`process.getBuiltinModule('x')`), ['getBuiltinModule'])
})

test('exports are known by name', () => {
  const names = (source: string) =>
    readModule(source).exports.map(({ name, isType }) => (isType ? `type ${name}` : name))
  assert.deepEqual(
    names(`export const a = 1; export async function b() {} export class C {} export interface D {} export type E = 1
           const f = 1; export { f as g }; export const { h, i: j } = k; export default 1; export function* l() {}`),
    ['a', 'b', 'C', 'type D', 'type E', 'g', 'h', 'j', 'default', 'l'],
  )
})

test('packages are followed by their exports, and no further', () => {
  const graph = readGraph(
    new Map([
      ['kernel/package.json', '{ "name": "@x/kernel", "exports": { "./*": "./*/index.ts" } }'],
      ['kernel/db/index.ts', ''],
      ['services/a/package.json', '{ "name": "@x/a", "exports": { "./contract": "./contract.ts" } }'],
      ['services/a/contract.ts', ''],
      [
        'services/a/service.ts',
        `import '@x/kernel/db'; import '@x/a/contract'; import '@x/a/service.ts'; import 'pg'; import './gone.ts'`,
      ],
    ]),
  )
  assert.deepEqual(
    graph.edges.get('services/a/service.ts')?.map(({ to }) => to),
    ['kernel/db/index.ts', 'services/a/contract.ts', '?@x/a/service.ts', 'npm:pg', '?./gone.ts'],
  )
})

test('the shortest way and every circle are found, types included', () => {
  const graph = readGraph(
    new Map([
      ['run/a.ts', `import './b.ts'; import './c.ts'`],
      ['run/b.ts', `import './c.ts'`],
      ['run/c.ts', `import type { B } from './d.ts'`],
      ['run/d.ts', `import './c.ts'`],
    ]),
  )
  assert.deepEqual(
    shortestPath(graph, 'run/a.ts', (path) => path === 'run/d.ts'),
    ['run/a.ts', 'run/c.ts', 'run/d.ts'],
  )
  assert.deepEqual(circles(graph), [['run/d.ts', 'run/c.ts', 'run/d.ts']])
})
