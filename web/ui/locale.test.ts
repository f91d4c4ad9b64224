import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstKnown, negotiateLocale, preferences } from './locale.ts'

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

test('an application is heard before the browser, and the person before the application', () => {
  assert.equal(negotiateLocale({ application: 'en', acceptLanguage: 'is' }), 'en')
  assert.equal(negotiateLocale({ cookie: 'is', application: 'en' }), 'is')
  assert.equal(negotiateLocale({ application: 'fr', acceptLanguage: 'en' }), 'en')
  assert.equal(preferences({ query: { lang: 'is' }, application: 'en' }).locale, 'is')
})

test('of a list of languages the first one that we have is taken, whatever its region and its case', () => {
  assert.equal(firstKnown('fr en is'), 'en')
  assert.equal(firstKnown('fr-CA IS-is en'), 'is')
  assert.equal(firstKnown('fr de'), undefined)
  assert.equal(firstKnown(''), undefined)
  assert.equal(firstKnown(`${'fr '.repeat(200)}en`), undefined, 'long lists are cut')
})
