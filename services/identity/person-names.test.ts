import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BirthDate, PersonName } from './contract.ts'
import { ClaimedName } from './federation/schema.ts'

test('names of people are names, however they are shortened', () => {
  for (const name of [
    'Ada Jónsdóttir',
    'St. John',
    'Alex St.John',
    'Sammy Davis Jr.',
    'J.R.R. Tolkien',
    'J.R.R.Tolkien',
    'Dr.Þóra Á. Ösp',
    'Raj s/o Kumar',
    'Þór W. Wwwright',
    'O’Neill-Núñez',
    '山田 太郎',
  ])
    assert.ok(PersonName.safeParse(name).success, name)
})

test('what programs for mail make a link of is no name', () => {
  for (const name of [
    'Visit http://evil.example/ now',
    'go to evil.example',
    'Evil.Example',
    'ada@evil.example',
    'WWW.evil',
    'x://y',
    'J.evil.example',
    'see 10.0.0.1',
    'evil。example',
    'xn--evil.example:8080',
  ])
    assert.ok(!PersonName.safeParse(name).success, name)
})

test('a name is written once and for all places: trimmed, composed, and of at least one letter', () => {
  assert.equal(PersonName.parse('  A\u0301sa '), 'Ása')
  assert.equal(PersonName.parse('Ý'), 'Ý')
  assert.equal(PersonName.parse('a'.repeat(200)).length, 200)
  for (const name of [
    '',
    '   ',
    '1234',
    '–',
    '🦆',
    'a'.repeat(201),
    'A\u202eda',
    'A\nda',
    'A\ud800da',
    'A\u0007',
  ])
    assert.ok(!PersonName.safeParse(name).success, JSON.stringify(name))
})

test('what a register says of a name loses the marks that nobody sees, and is held to the same rule', () => {
  assert.equal(ClaimedName.parse('\u200fAda\u202e\n Jónsdóttir\0 '), 'Ada Jónsdóttir')
  for (const name of ['\u202e', '12', 'Visit evil.example', 'a'.repeat(300)])
    assert.ok(!ClaimedName.safeParse(name).success, JSON.stringify(name))
})

test('nobody who lives was born before 1900, or on a day that there is not', () => {
  for (const day of ['1900-01-01', '2024-02-29']) assert.ok(BirthDate.safeParse(day).success, day)
  for (const day of ['1899-12-31', '0001-01-01', '2023-02-29', '1990', ''])
    assert.ok(!BirthDate.safeParse(day).success, day)
})
