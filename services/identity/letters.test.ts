import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '@althing/kernel/mail'
import { asHtml, withLetters } from './letters.ts'

const frame = { organisation: 'Félag <A & B>', url: 'https://id.example.org' }
const link = 'https://id.example.org/recover/new?token=abc&x=1'

test('a letter as HTML says what its text says; the one link of ours is a button with its address beneath', () => {
  const text = `Sæl(l) Ada.\n\nFyrsta lína,\nönnur lína:\n\n${link}\n\nSlóðin virkar einu sinni.\n`
  const html = asHtml(text, 'Efni "a"', 'is', frame)
  assert.match(html, /<html lang="is">[^]*<title>Efni &quot;a&quot;<\/title>[^]*Félag &lt;A &amp; B&gt;/)
  assert.match(html, /Fyrsta lína,<br>\nönnur lína:/)
  assert.equal([...html.matchAll(/<a /g)].length, 1)
  assert.ok(html.includes('href="https://id.example.org/recover/new?token=abc&amp;x=1"'))
  assert.match(html, />Opna síðuna<[^]*recover\/new\?token=abc&amp;x=1<\/p>/)
  assert.doesNotMatch(html, /<img|<script|url\(|src=/)
})

test('what somebody wrote into a name or a reason is text: no markup, and no link', () => {
  const bad = `Dear <img src=x onerror=alert(1)>,\n\nhttps://evil.example/login\n\nhttps://id.example.org.evil.example/x\n\nSee https://id.example.org/a for more\n`
  const html = asHtml(bad, 'x', 'en', frame)
  assert.equal([...html.matchAll(/<a /g)].length, 0)
  assert.doesNotMatch(html, /<img/)
  assert.match(html, /&lt;img src=x onerror=alert\(1\)&gt;/)
})

test('a code alone in its paragraph is large; a sentence that is short is none', () => {
  assert.match(asHtml('123 456', 'x', 'en', frame), /font-size:28px[^]*123 456/)
  assert.match(asHtml('x7d2-9kqm-4hv0-pw3t', 'x', 'en', frame), /font-size:28px/)
  assert.doesNotMatch(asHtml('Not 5 words', 'x', 'en', frame), /font-size:28px/)
})

test('every letter that says its language is carried in both forms, and a letter that brought its own HTML keeps it', async () => {
  const sent: Message[] = []
  const mail = withLetters({ send: async (message) => void sent.push(message) }, frame)
  await mail.send({ to: 'a@example.org', subject: 'One', text: 'Hello', lang: 'en' })
  await mail.send({ to: 'a@example.org', subject: 'Two', text: 'Hello', lang: 'en', html: '<p>Own' })
  await mail.send({ to: 'a@example.org', subject: 'Three', text: 'Hello' })
  assert.deepEqual(
    sent.map(({ html }) => html?.slice(0, 9)),
    ['<!doctype', '<p>Own', undefined],
  )
})
