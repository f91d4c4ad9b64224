import assert from 'node:assert/strict'
import { test } from 'node:test'
import { near, noSuch } from './near.ts'

test('nothing is guessed where nothing is near', () => {
  for (const [word, known] of [
    ['22', ['2', '3']],
    ['it', ['list', 'end']],
    ['abc', ['xyz', 'abx y']],
    ['members.list', ['elections.open', 'numbers.hit.x']],
    ['', ['a']],
    ['a draft about the library', ['a draft about nothing at all']],
  ] as const)
    assert.equal(near(word, known), undefined, word)
})

test('a slip of the hand is known for what it is: a letter too many, too few, another or swapped, or a capital', () => {
  for (const [word, meant] of [
    ['lst', 'list'],
    ['lisst', 'list'],
    ['lust', 'list'],
    ['lsit', 'list'],
    ['LIST', 'list'],
    ['electoins.opne', 'elections.open'],
  ] as const)
    assert.equal(near(word, ['deny', 'elections.open', 'elections.close', 'list']), meant, word)
})

test('what there is stands under it, with a guess and without', () => {
  assert.equal(
    noSuch('word', 'lst', ['list', 'end']),
    'There is no word lst.\nDid you mean list?\nThere are: list, end.',
  )
  assert.equal(noSuch('word', 'xyz', ['list', 'end']), 'There is no word xyz.\nThere are: list, end.')
  assert.equal(noSuch('word', 'xyz', []), 'There is no word xyz.\nThere is none at all.')
})
