import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choices, codeField, errorSummary, field, form, passwordField } from './forms.ts'

test('an error is beside its field, tied to it, and linked from the summary', () => {
  const written = field({
    name: 'email',
    label: 'Netfang',
    hint: 'Einka',
    error: 'Vantar',
    autocomplete: 'email',
  }).toString()
  assert.match(written, /aria-describedby="email-hint email-error"/)
  assert.match(written, /aria-invalid="true"/)
  assert.match(written, /id="email-error"/)
  assert.match(
    String(errorSummary('is', [{ field: 'email', message: 'Vantar' }])),
    /<a href="#email">Vantar<\/a>/,
  )
  assert.equal(errorSummary('is', []), null)
})

test('a posted form carries its csrf value, a search does not put it into the address', () => {
  assert.match(form({ action: '/a', csrf: 'c"' }).toString(), /name="csrf" value="c&quot;"/)
  assert.doesNotMatch(form({ action: '/a', csrf: 'c', method: 'get' }).toString(), /csrf/)
})

test('a password is never written into a page, and may be pasted', () => {
  const written = passwordField({
    locale: 'is',
    label: 'Lykilorð',
    autocomplete: 'current-password',
  }).toString()
  assert.doesNotMatch(written, / value=|onpaste/)
  assert.match(written, /<button[^>]* hidden/)
})

test('a code may be pasted with spaces: nothing cuts it short', () => {
  const written = codeField({ name: 'code', label: 'Kóði' }).toString()
  assert.match(written, /autocomplete="one-time-code" inputmode="numeric"/)
  assert.doesNotMatch(written, /maxlength|pattern/)
  const either = codeField({ name: 'code', label: 'Kóði', hasLetters: true }).toString()
  assert.match(either, /inputmode="text"/, 'recovery codes have letters')
})

test('options are ordinary radio buttons with a label each', () => {
  const written = choices({
    name: 'q',
    legend: 'Hver?',
    kind: 'one',
    options: [{ value: 'a', label: 'Ada' }],
  }).toString()
  assert.match(written, /<input type="radio" id="q-1" name="q" value="a"/)
  assert.match(written, /<label for="q-1">/)
})
