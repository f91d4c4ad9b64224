import assert from 'node:assert/strict'
import { test } from 'node:test'
import { negotiateLocale, preferences } from './locale.ts'

test('Icelandic unless something says otherwise', () => {
  assert.equal(negotiateLocale({}), 'is')
  assert.equal(negotiateLocale({ acceptLanguage: 'de, pl;q=0.8, *;q=0.1' }), 'is')
  assert.equal(negotiateLocale({ cookie: 'xx' }), 'is')
})

test('the browser is heard, with its weights', () => {
  assert.equal(negotiateLocale({ acceptLanguage: 'en-US,en;q=0.9' }), 'en')
  assert.equal(negotiateLocale({ acceptLanguage: 'en;q=0.3, is;q=0.9' }), 'is')
  assert.equal(negotiateLocale({ acceptLanguage: 'pl, en;q=0.5, is;q=0' }), 'en')
})

test('the switch beats the cookie, the cookie beats the browser', () => {
  const source = { query: { lang: 'en' }, cookies: { lang: 'is', theme: 'dark' }, acceptLanguage: 'is' }
  assert.deepEqual(preferences(source), { locale: 'en', theme: 'dark' })
  assert.equal(negotiateLocale({ cookie: 'is', acceptLanguage: 'en' }), 'is')
})
