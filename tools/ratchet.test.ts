import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadExports } from './dead-exports.ts'
import { compare, functions, measure } from './ratchet.ts'
import { readGraph } from './source/tree.ts'

const lines = (count: number) => 'work()\n'.repeat(count)

test('a function is measured from its brace to the one that closes it', () => {
  const source = `export function a(x: { y: number }): Promise<{ z: string }[]> {\n${lines(3)}}\nconst b = () => {\n${lines(1)}}\nif (c) {\n${lines(9)}}\n`
  assert.deepEqual(functions(source), [
    { line: 1, length: 5 },
    { line: 6, length: 3 },
  ])
})

test('the functions inside are not counted again', () => {
  const source = `function outer() {\n${lines(2)}  return { a() {\n${lines(5)}}, b: () => {\n${lines(1)}} }\n}\n`
  assert.deepEqual(
    functions(source).map(({ length }) => length),
    [5, 7, 3],
  )
})

test('long functions, long files, suppressions and circles are counted, tests and texts are not', () => {
  const offenders = measure(
    new Map([
      ['kernel/a/long.ts', `function long() {\n${lines(70)}}\n${lines(250)}`],
      ['kernel/a/long.test.ts', `function long() {\n${lines(70)}}\n`],
      ['web/ui/texts.ts', lines(900)],
      ['kernel/a/quiet.ts', `// oxlint-disable-next-line no-console -- because\nconst b = 'oxlint-disable'`],
      ['kernel/a/one.ts', `import './two.ts'`],
      ['kernel/a/two.ts', `import type { A } from './one.ts'`],
    ]),
  )
  const counts = Object.values(offenders).map((each) => each.length)
  assert.deepEqual(counts, [1, 1, 1, 1])
})

test('a number that grew fails and names its places; one that fell is kept', () => {
  const kept = { longFunctions: 1, longFiles: 2, suppressions: 0, circles: 0 }
  const now = { longFunctions: ['a', 'b'], longFiles: ['c'], suppressions: [], circles: [] }
  const { grown, next } = compare(kept, now)
  assert.match(grown.join(), /longFunctions: 1 were there, now 2[^]*a\n {2}b/)
  assert.deepEqual(next, { longFunctions: 1, longFiles: 1, suppressions: 0, circles: 0 })
})

test('an export nobody imports is found, through re-exports and namespaces too', () => {
  const graph = readGraph(
    new Map([
      ['kernel/a/index.ts', `export { used } from './a.ts'; export * from './all.ts'`],
      ['kernel/a/a.ts', `export const used = 1; export const dead = 2; export type Ignored = 1`],
      ['kernel/a/all.ts', `export const everything = 1`],
      ['kernel/a/b.ts', `import * as all from './c.ts'`],
      ['kernel/a/c.ts', `export const whole = 1`],
    ]),
  )
  assert.deepEqual(deadExports(graph), ['kernel/a/a.ts:1 exports dead, which nobody imports'])
})
