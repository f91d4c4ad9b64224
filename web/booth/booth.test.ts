import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Question } from '@althing/elections/contract'
import { fromFragment, toFragment, type Crossing } from '@althing/web-ui/crossing.ts'
import { choiceOf, choose, chooseBlank, isWhole, lackOf } from './paper.ts'
import { phaseOf } from './phase.ts'
import { arrive, type Place } from './place.ts'
import { routeOf } from './route.ts'

const id = '00000000-0000-4000-8000-000000000000'
const crossing: Crossing = {
  election: id,
  manifestHash: 'm'.repeat(43),
  slot: '1',
  class: 'full',
  otk: 'o'.repeat(87),
  prefix: 'p'.repeat(43),
  ticket: 't'.repeat(512),
  key: 'k'.repeat(43),
  seal: 's'.repeat(43),
}
const options = ['a', 'b', 'c'].map((name) => ({ id: name, text: { en: name } }))
const one: Question = {
  id: 'q1',
  text: { en: '?' },
  voting_type: 'single-choice',
  max_selections: 1,
  options,
}
const two: Question = { id: 'q2', text: { en: '?' }, voting_type: 'multi-choice', max_selections: 2, options }

test('a ticket crosses in the fragment whole, or not at all', () => {
  assert.deepEqual(fromFragment(`#${toFragment(crossing)}`), crossing)
  assert.equal(fromFragment(`#e=${id}`), null)
  for (const broken of ['#ticket=', '#ticket=abc', `#${toFragment(crossing).slice(0, -5)}`])
    assert.equal(fromFragment(broken), 'broken')
})

test('one choice takes the place of another; several stand in the order of the paper', () => {
  const first = choose(choose({}, one, 'b', true), one, 'a', true)
  assert.deepEqual(first['q1']?.options, ['a'])
  const several = choose(choose({}, two, 'c', true), two, 'a', true)
  assert.deepEqual(several['q2']?.options, ['a', 'c'])
  assert.deepEqual(choose(several, two, 'c', false)['q2']?.options, ['a'])
})

test('a blank vote is said, never assumed; and who chooses something does not vote blank', () => {
  assert.equal(lackOf({}, one), 'nothing')
  const blank = chooseBlank(choose({}, one, 'a', true), one, true)
  assert.equal(lackOf(blank, one), null)
  assert.deepEqual(choiceOf(blank, [one]), { answers: { q1: [] } })
  assert.equal(choose(blank, one, 'b', true)['q1']?.blank, false)
})

test('one too many is refused, and an unfinished paper cannot be sealed', () => {
  const all = ['a', 'b', 'c'].reduce((draft, option) => choose(draft, two, option, true), {})
  assert.equal(lackOf(all, two), 'too many')
  assert.equal(isWhole(all, [two]), false)
  assert.throws(() => choiceOf(all, [two]), RangeError)
})

test('the same ticket again changes nothing; another leaves nothing of the one before', () => {
  const before: Place = {
    ...arrive(undefined, crossing),
    seq: 3,
    draft: { q1: { options: ['a'], blank: false } },
  }
  assert.equal(arrive(before, crossing), before)
  const after = arrive(before, { ...crossing, otk: 'x'.repeat(87) })
  assert.deepEqual([after.seq, after.draft, after.receipt], [1, {}, null])
})

test('a ballot without an answer comes before everything else', () => {
  const place = arrive(undefined, crossing)
  assert.equal(phaseOf(place, 'open'), 'open')
  assert.equal(phaseOf(undefined, 'open'), 'no ticket')
  assert.equal(phaseOf(place, 'paused'), 'paused')
  assert.equal(phaseOf(undefined, 'closed'), 'over')
  assert.equal(phaseOf({ ...place, waiting: {} as never }, 'closed'), 'unknown')
})

test('an address says where one is; what is nobody else’s business stands in the fragment', () => {
  const at = (path: string) => {
    const { pathname, hash } = new URL(path, 'http://x')
    return routeOf({ pathname, hash })
  }
  assert.deepEqual(at('/'), { page: 'list' })
  assert.deepEqual(at(`/vote#e=${id}&s=review`), { page: 'vote', election: id, step: 'review' })
  assert.deepEqual(at(`/vote#e=${id}&s=99`), { page: 'vote', election: id, step: 1 })
  assert.deepEqual(at(`/receipt#e=${id}&leaf=x`), { page: 'receipt', election: id, leaf: 'x' })
  assert.deepEqual(at(`/results/${id}`), { page: 'results', election: id })
  assert.deepEqual(at('/results/../x'), { page: 'nowhere' })
})
