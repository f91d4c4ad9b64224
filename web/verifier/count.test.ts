import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson, utf8 } from '@althing/kernel/crypto'
import { decodeChoice, type Question as Asked } from '@althing/elections/contract'
import * as fc from 'fast-check'
import * as box from '../../services/elections/tally/plurality.ts'
import { canonical } from './check/bytes.ts'
import { count, isVote, readChoice } from './check/count.ts'
import type { Question } from './check/shapes.ts'

/** Two counts, written apart: what one reads in a ballot and makes of it, the other does. */
const runs = { numRuns: 300, seed: 20_261_122 }

const ids = ['a1', 'a2', 'a3', 'a4', '10', '9'] as const
const questionNames = ['q1', 'q2', '7'] as const

const asked = fc
  .record({
    options: fc.integer({ min: 2, max: ids.length }),
    most: fc.integer({ min: 1, max: 6 }),
    multi: fc.boolean(),
  })
  .map(({ options, most, multi }) => ({
    text: { is: 'Spurning' },
    voting_type: multi ? ('multi-choice' as const) : ('single-choice' as const),
    max_selections: multi ? Math.min(most, options) : 1,
    options: ids.slice(0, options).map((id) => ({ id, text: { is: id } })),
  }))
const papers = fc
  .array(asked, { minLength: 1, maxLength: 3 })
  .map((all) => all.map((one, index): Asked => ({ ...one, id: questionNames[index] ?? '' })))

const asRead = (one: Asked): Question => ({
  id: one.id,
  type: one.voting_type,
  most: one.max_selections,
  options: one.options.map(({ id }) => id),
  text: {},
  optionTexts: {},
})

const names = fc.constantFrom(...questionNames, 'q9', '__proto__', 'constructor')
const chosen = fc.array(fc.constantFrom(...ids, 'nobody', '__proto__', ''), { maxLength: 4 })
const answers = fc.dictionary(names, chosen, { noNullPrototype: true, maxKeys: 3 })

test('the same ballots give the same result, and the same ones are no votes', () => {
  fc.assert(
    fc.property(papers, fc.array(answers, { maxLength: 40 }), (paper, all) => {
      const read = paper.map(asRead)
      const valid = all.filter((one) => isVote(one, read))
      assert.deepEqual(
        valid,
        all.filter((one) => box.isVote(paper, { answers: one })),
      )
      const [theirs, ours] = [
        box.plurality(
          paper,
          valid.map((one) => ({ answers: one })),
        ),
        read.map((question) => count(question, valid)),
      ]
      assert.equal(canonical(ours), canonicalJson(theirs))
    }),
    runs,
  )
})

const padded = (text: string | Uint8Array, length = 256) => {
  const bytes = new Uint8Array(length)
  bytes.set(typeof text === 'string' ? utf8(text) : text)
  return bytes
}
const bothRead = (bytes: Uint8Array) => {
  const [ours, theirs] = [readChoice(bytes), decodeChoice(bytes)?.answers ?? null]
  assert.equal(ours === null ? null : canonical(ours), theirs === null ? null : canonical(theirs))
  return ours
}

test('what is a choice for one is a choice for the other', () => {
  assert.deepEqual(bothRead(padded('{"answers":{"q1":["a1"]}}')), { q1: ['a1'] })
  assert.deepEqual(bothRead(padded('{"answers":{"10":[],"9":["a1"]}}')), { '10': [], '9': ['a1'] })
  for (const text of [
    '',
    'null',
    '{}',
    '{"answers":[]}',
    '{"answers":{"q1":"a1"}}',
    '{"answers":{"q1":[1]}}',
    '{"answers":{"9":[],"10":[]}}',
    '{"answers":{"q2":[],"q1":[]}}',
    '{"answers":{"q1":["a1"],"q1":["a2"]}}',
    '{"answers":{"q1":["a1"]},"x":1}',
    '{ "answers":{"q1":["a1"]}}',
    '\uFEFF{"answers":{"q1":["a1"]}}',
    String.raw`{"answers":{"q1":["\u0061"]}}`,
    '{"answers":{"q1":["a1"]}}\0x',
    '{"answers":{"q1":["a1"]}} ',
    '['.repeat(200),
  ])
    assert.equal(bothRead(padded(text)), null, text)
  assert.equal(bothRead(Uint8Array.of(0x22, 0xff, 0x22)), null)
})

test('a name of the language is no question: for neither a vote', () => {
  for (const text of ['{"answers":{"__proto__":["a1"]}}', '{"answers":{"constructor":[]}}']) {
    const [ours, theirs] = [readChoice(padded(text)), decodeChoice(padded(text))]
    const paper: Asked[] = [
      { id: 'q1', text: { is: 'x' }, voting_type: 'single-choice', max_selections: 1, options: [] },
    ]
    assert.equal(ours !== null && isVote(ours, paper.map(asRead)), false)
    assert.equal(theirs !== null && box.isVote(paper, theirs), false)
  }
})

test('nor does one changed byte divide them', () => {
  const good = utf8('{"answers":{"q1":["a1"],"q2":["a2","a3"]}}')
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(255), (at, byte) => {
      const bytes = padded(good, 64)
      bytes[at] = byte
      const names = ['q1', 'q2', 'q3']
      const ours = readChoice(bytes)
      const theirs = decodeChoice(bytes)
      assert.equal(ours === null, theirs === null)
      assert.deepEqual(
        names.map((name) => ours?.[name]),
        names.map((name) => theirs?.answers[name]),
      )
    }),
    { ...runs, numRuns: 3000 },
  )
})
