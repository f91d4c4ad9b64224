import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PersonName } from './contract.ts'

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
