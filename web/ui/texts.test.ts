import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from '@formatjs/icu-messageformat-parser'
import { html } from './html.ts'
import { defineTexts } from './texts.ts'

const web = fileURLToPath(new URL('..', import.meta.url))
const catalogues = globSync('*/texts/{is,faults.is}.json', { cwd: web }).sort()

function read(name: string): Record<string, string> {
  return JSON.parse(readFileSync(`${web}/${name}`, 'utf8')) as Record<string, string>
}

/** Names of variables and tags, wherever in the message they stand. */
function variables(message: string): string[] {
  const found = new Set<string>()
  JSON.stringify(parse(message, { captureLocation: false }), (_, value: unknown) => {
    if (isElement(value) && value.type !== 0 && value.type !== 7) found.add(`${value.type}:${value.value}`)
    return value
  })
  return [...found].sort()
}

function isElement(value: unknown): value is { type: number; value: string } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'number'
}

for (const name of catalogues) {
  const other = name.replace(/is\.json$/, 'en.json')
  const [is, en] = [read(name), read(other)]

  test(`${name}: both languages say the same things`, () => {
    assert.deepEqual(Object.keys(en), Object.keys(is))
  })

  test(`${name}: both languages use the same variables, and every message can be read`, () => {
    for (const [key, message] of Object.entries(is))
      assert.deepEqual(variables(en[key] ?? ''), variables(message), key)
  })

  test(`${name}: no text is empty, and words are not copied from one language to the other`, () => {
    const same = Object.keys(is).filter((key) => is[key] === en[key])
    const allowed = (key: string) =>
      /^[{}\w\s,·%/]*$/.test(is[key] ?? '') && !/[a-z]{4,} [a-z]{4,}/.test(is[key] ?? '')
    assert.deepEqual(
      same.filter((key) => !allowed(key)),
      [],
    )
    for (const catalogue of [is, en])
      for (const message of Object.values(catalogue)) assert.notEqual(message.trim(), '')
  })
}

test('plurals of Icelandic go by the last digit, but not eleven', () => {
  const message = '{n, plural, one {# félagi} other {# félagar}}'
  const t = defineTexts({
    is: { members: message },
    en: { members: '{n, plural, one {# member} other {# members}}' },
  })
  const said = (locale: 'is' | 'en') => [1, 2, 11, 21, 111, 1101].map((n) => t(locale)('members', { n }))
  assert.deepEqual(said('is'), [
    '1 félagi',
    '2 félagar',
    '11 félagar',
    '21 félagi',
    '111 félagar',
    '1.101 félagi',
  ])
  assert.deepEqual(said('en'), [
    '1 member',
    '2 members',
    '11 members',
    '21 members',
    '111 members',
    '1,101 members',
  ])
})

test('a text with a link keeps its values escaped', () => {
  const t = defineTexts({
    is: { more: 'Sjá <link>{name}</link>.' },
    en: { more: 'See <link>{name}</link>.' },
  })('is')
  const written = t.rich('more', { name: '<b>', link: (chunks) => html`<a href="/x">${chunks}</a>` })
  assert.equal(html`${written}`.toString(), 'Sjá <a href="/x">&lt;b&gt;</a>.')
})

test('a broken message stops the start, and a value left out stops the page', () => {
  assert.throws(
    () => defineTexts({ is: { a: '{n, plural, one {' }, en: { a: 'a' } }),
    /a in is is not a valid/,
  )
  const t = defineTexts({ is: { a: 'Hæ {name}' }, en: { a: 'Hi {name}' } })
  assert.throws(() => t('is')('a'), /was not provided/)
})
