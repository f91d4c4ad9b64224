import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unbuiltAssets } from './assets.ts'
import { document } from './document.ts'
import type { Chrome } from './document.ts'

const chrome: Chrome = {
  locale: 'is',
  theme: 'system',
  path: '/account?tab=1',
  organisation: { name: 'Félagið <b>', home: '/' },
  assets: unbuiltAssets,
}

test('a page says its language, its title and whose it is, and has a way past the header', () => {
  const page = document(chrome, { title: 'Aðgangur', main: 'x', failed: true })
  assert.match(page, /^<!doctype html>/)
  assert.match(page, /<html lang="is">/)
  assert.match(page, /<title>Villa: Aðgangur · Félagið &lt;b&gt;<\/title>/)
  assert.match(page, /<a class="skip" href="#main">/)
  assert.match(page, /<main id="main" tabindex="-1"/)
})

for (const path of ['//evil.example/x', '/\\evil.example/x', '/.//evil.example', '///evil.example', '//'])
  test(`the switches never lead to another site: ${path}`, () => {
    const page = document({ ...chrome, path }, { title: 'x', main: 'x' })
    const hrefs = [...page.matchAll(/href="([^"]*(?:lang|theme)=[^"]*)"/g)].map((match) => match[1] ?? '')
    assert.equal(hrefs.length, 3)
    for (const href of hrefs) assert.equal(new URL(href, 'https://own.example').origin, 'https://own.example')
  })

test('the colours that were chosen are written into the page', () => {
  assert.match(
    document({ ...chrome, theme: 'dark' }, { title: 'x', main: 'x' }),
    /<html lang="is" data-theme="dark">/,
  )
})
