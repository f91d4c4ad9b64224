import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { seedOfThisRun } from '@althing/kernel/testing'
import { decodeChoice, encodeChoice, paddedBytesFor, type Question } from '../contract.ts'
import { isVote, percentage, plurality } from './plurality.ts'

const seed = seedOfThisRun()
const options = ['ada', 'bea', 'cid', 'dan'].map((id) => ({ id, text: { is: id } }))
const question = (max: number): Question => ({
  id: 'q',
  text: { is: '?' },
  voting_type: max === 1 ? 'single-choice' : 'multi-choice',
  max_selections: max,
  options,
})
const ballots = (max: number) =>
  fc.array(
    fc.subarray(
      options.map(({ id }) => id),
      { maxLength: max },
    ),
    { maxLength: 60 },
  )
const votes = (cast: string[][]) => cast.map((q) => ({ answers: { q } }))
const count = (max: number, cast: string[][]) => {
  const [outcome] = plurality([question(max)], votes(cast))
  assert.ok(outcome !== undefined)
  return outcome
}

test('every ballot is counted exactly once, blank ones too', () => {
  fc.assert(
    fc.property(ballots(1), (cast) => {
      const { options: counted, blank, voters } = count(1, cast)
      assert.equal(
        counted.reduce((sum, { votes }) => sum + votes, blank),
        cast.length,
      )
      assert.equal(voters, cast.length)
    }),
    { seed },
  )
})

test('the order of the ballots does not matter', () => {
  fc.assert(
    fc.property(ballots(3), (cast) => assert.deepEqual(count(3, cast), count(3, [...cast].reverse()))),
    { seed },
  )
})

test('nobody who lost has as many votes as one who won, and nobody wins without a vote', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), ballots(1), (max, cast) => {
      const { options: counted, winners } = count(max, cast)
      const least = Math.min(...counted.filter(({ id }) => winners.includes(id)).map(({ votes }) => votes))
      for (const { id, votes } of counted) if (!winners.includes(id)) assert.ok(votes < least || votes === 0)
      assert.ok(winners.length === 0 || least > 0)
    }),
    { seed },
  )
})

test('a tie has two winners, no votes have none, and of two seats the tie for the last is kept', () => {
  assert.deepEqual(count(1, [['ada'], ['bea'], []]).winners, ['ada', 'bea'])
  assert.deepEqual(count(1, [[], []]).winners, [])
  assert.deepEqual(
    count(2, [
      ['ada', 'bea'],
      ['ada', 'cid'],
    ]).winners,
    ['ada', 'bea', 'cid'],
  )
  assert.deepEqual(count(3, [['ada']]).winners, ['ada'])
})

test('a percentage is of the voters, to two decimals, half up', () => {
  assert.deepEqual(
    [percentage(2, 3), percentage(1, 8), percentage(1, 800), percentage(0, 0), percentage(3, 3)],
    [66.67, 12.5, 0.13, 0, 100],
  )
})

test('what is not on the paper, twice, or too much is no vote', () => {
  const paper = [question(2)]
  assert.ok(isVote(paper, { answers: {} }) && isVote(paper, { answers: { q: ['ada', 'bea'] } }))
  for (const q of [['eve'], ['ada', 'ada'], ['ada', 'bea', 'cid']])
    assert.ok(!isVote(paper, { answers: { q } }))
  assert.ok(!isVote(paper, { answers: { r: [] } }))
})

test('a choice is written in one way only, and every choice fits on the paper', () => {
  fc.assert(
    fc.property(
      fc.subarray(
        options.map(({ id }) => id),
        { maxLength: 3 },
      ),
      (q) => {
        const bytes = encodeChoice({ answers: { q } }, paddedBytesFor([question(3)]))
        assert.deepEqual(decodeChoice(bytes), { answers: { q } })
      },
    ),
    { seed },
  )
  const padded = (text: string) => {
    const bytes = new Uint8Array(128)
    bytes.set(new TextEncoder().encode(text))
    return bytes
  }
  assert.deepEqual(decodeChoice(padded('{"answers":{"10":[],"2":["a"]}}')), {
    answers: { '2': ['a'], '10': [] },
  })
  const others = [
    '{"answers": {}}',
    '{"answers":{"b":[],"a":[]}}',
    '{"answers":{"a":[],"a":["x"]}}',
    '{"answers":{"__proto__":["x"]}}',
    '{"answers":{}}\0x',
    '{"answers":{},"name":"Ada"}',
    '',
  ]
  for (const text of others) assert.equal(decodeChoice(padded(text)), null, text)
})
