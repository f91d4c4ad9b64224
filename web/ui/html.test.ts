import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributes, html, raw } from './html.ts'

test('a value is text, between tags and inside an attribute', () => {
  const evil = `<img src=x onerror="alert('1')">&`
  const escaped = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;'
  assert.equal(html`<p title="${evil}">${evil}</p>`.toString(), `<p title="${escaped}">${escaped}</p>`)
  assert.equal(attributes({ title: evil }).toString(), ` title="${escaped}"`)
})

test('markup of ours stays markup, lists are joined, nothing is written for nothing', () => {
  const items = ['a', 'b'].map((item) => html`<i>${item}</i>`)
  assert.equal(html`${items}${null}${false}${undefined}${true}${0}`.toString(), '<i>a</i><i>b</i>0')
  assert.equal(html`${raw('<hr>')}`.toString(), '<hr>')
})

test('an attribute without quotes is refused, because a space would start another one', () => {
  assert.throws(() => html`<p class=${'a onclick'}>`, /needs quotes/)
})

test('markup inside an attribute is refused', () => {
  assert.throws(() => html`<p title="${raw('<b>')}">`, /was given markup/)
})

for (const address of [
  'javascript:alert(1)',
  ' JaVaScRiPt:x',
  '\u0001javascript:x',
  'java\nscript:x',
  'data:text/html,x',
  'vbscript:x',
])
  test(`an address that could run script is refused: ${JSON.stringify(address)}`, () => {
    assert.throws(() => html`<a href="${address}">x</a>`, /Unsafe address/)
    assert.throws(() => attributes({ href: address }), /Unsafe address/)
    assert.throws(() => attributes({ formaction: address }), /Unsafe address/)
  })

for (const address of [
  '/x?a=b:c',
  '#main',
  'https://example.org/',
  'mailto:a@example.org',
  '?lang=is',
  'a/b:c',
  'data:image/png;base64,AA',
])
  test(`an ordinary address is written: ${address}`, () => {
    assert.equal(html`<a href="${address}">x</a>`.toString(), `<a href="${address}">x</a>`)
  })

test('an address may be put together from parts', () => {
  assert.equal(html`<a href="/e/${'a b'}/x">x</a>`.toString(), '<a href="/e/a b/x">x</a>')
  assert.throws(() => html`<a href="${'java'}script:x">x</a>`, /Unsafe address/)
})

test('a handler is not an attribute, and a name from outside cannot break out', () => {
  assert.throws(() => attributes({ onclick: 'x' }), /Not an attribute/)
  assert.throws(() => attributes({ 'a b': 'x' }), /Not an attribute/)
})

test('true gives the bare name; false, null and undefined give nothing', () => {
  const written = attributes({ required: true, hidden: false, id: null, title: undefined, tabindex: -1 })
  assert.equal(written.toString(), ' required tabindex="-1"')
})
