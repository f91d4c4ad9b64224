/** The table in README.md says which test answers which attack. What it says is there, and every number is. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../../', import.meta.url)
const [first, last] = [1, 53]

interface Row {
  readonly number: number
  readonly file: string
  readonly words: string
}

const rowsOf = (text: string): Row[] =>
  [...text.matchAll(/^\| (\d+) \| (\S+) \| (.+) \|$/gm)].map(([, number = '', file = '', words = '']) => ({
    number: Number(number),
    file,
    words,
  }))

/** What is wrong with it, in words. */
function mistakesIn(rows: readonly Row[]): string[] {
  const numbers = rows.map(({ number }) => number)
  const missing = Array.from({ length: last - first + 1 }, (_, n) => first + n).filter(
    (n) => !numbers.includes(n),
  )
  return [
    ...missing.map((n) => `${n} has no row`),
    ...numbers.filter((n, index) => numbers.indexOf(n) !== index).map((n) => `${n} has two rows`),
    ...rows.flatMap(({ number, file, words }) => {
      const at = new URL(file, root)
      if (!file.endsWith('.test.ts') || !existsSync(at)) return [`${number}: there is no ${file}`]
      const begins = testsIn(readFileSync(at, 'utf8')).some((name) => name.startsWith(words))
      return begins ? [] : [`${number}: ${file} has no test that begins with: ${words}`]
    }),
    ...rows.flatMap(({ number, words }) => {
      // A test that bears numbers bears this one.
      const [, borne] = /^([\d, ]+) · /.exec(words) ?? []
      return borne === undefined || borne.split(', ').includes(String(number))
        ? []
        : [`${number}: the test is of ${borne}`]
    }),
  ]
}

/** Those that are written out, and the rows of a table that are tests. */
const testsIn = (source: string): string[] =>
  [...source.matchAll(/(?:\btest\(|\bwhat:)\s*(['`])((?:(?!\1).)+)\1/gs)].map(([, , name = '']) => name)

test('every attack of the list has its test, by the name that the table says', () => {
  assert.deepEqual(mistakesIn(rowsOf(readFileSync(new URL('README.md', import.meta.url), 'utf8'))), [])
})

test('a table that is not true is found out', () => {
  const rows = rowsOf(readFileSync(new URL('README.md', import.meta.url), 'utf8'))
  const [one] = rows
  assert.ok(one !== undefined)
  const broken = (row: Partial<Row>) => mistakesIn([{ ...one, ...row }, ...rows.slice(1)])
  assert.deepEqual(broken({ words: 'what nobody tests' }).length, 1)
  assert.deepEqual(broken({ file: 'tests/attacks/nothing.test.ts' }).length, 1)
  assert.deepEqual(broken({ number: 2 }).length, 3)
  assert.deepEqual(mistakesIn(rows.slice(1)), ['1 has no row'])
})
