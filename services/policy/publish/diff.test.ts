import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { processorMs, seedOfThisRun } from '@althing/kernel/testing'
import { diff } from './diff.ts'

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '')).map((lines) => lines.join('\n'))
const lines = (one: string) => (one === '' ? [] : one.replace(/\n$/, '').split('\n'))

test('whoever puts what is new in place of what is gone has the other text', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const made: string[] = []
      let at = 1
      for (const { from, lines: shown } of diff(before, after)) {
        made.push(...lines(before).slice(at - 1, from - 1))
        at = from
        for (const line of shown) {
          if (line.is !== 'new') assert.equal(lines(before)[at - 1], line.text)
          if (line.is !== 'new') at += 1
          if (line.is !== 'gone') made.push(line.text)
        }
      }
      made.push(...lines(before).slice(at - 1))
      assert.deepEqual(made, lines(after))
    }),
    { seed: seedOfThisRun(), numRuns: 1000 },
  )
})

test('it is the shortest: a line that is put in is one line', () => {
  const before = Array.from({ length: 100 }, (_, n) => `line ${n}`)
  const hunks = diff(before.join('\n'), before.toSpliced(50, 0, 'here').join('\n'))
  assert.deepEqual(hunks, [
    {
      from: 48,
      to: 48,
      lines: [
        ...before.slice(47, 50).map((one) => ({ is: 'same', text: one })),
        { is: 'new', text: 'here' },
        ...before.slice(50, 53).map((one) => ({ is: 'same', text: one })),
      ],
    },
  ])
})

test('texts that have nothing in common are shown whole, and soon', () => {
  const all = (word: string) => Array.from({ length: 5000 }, (_, n) => `${word} ${n}`).join('\n')
  const [a, b] = [all('a'), all('b')]
  assert.equal(diff(a, b)[0]?.lines.length, 10_000)
  assert.ok(processorMs(() => diff(a, b)) < 5000)
})
