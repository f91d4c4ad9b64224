import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { checklist, isReady } from './checklist.ts'
import { bodyOf, emptyForm, idOfPointer, needsOf, type PaperForm } from './paper-form.ts'
import { keyFileText, makeKey, readKeyFile } from './sealing-key.ts'

test('an empty form names every field that is missing, and the ids are those of the refusals', () => {
  assert.deepEqual(
    needsOf(emptyForm).map(({ field }) => field),
    ['f-title', 'f-questions-0-text', 'f-questions-0-answers-0'],
  )
  assert.equal(idOfPointer('/questions/0/answers/0'), 'f-questions-0-answers-0')
})

test('a language that is empty is left out, and so is an answer without words', () => {
  const form: PaperForm = {
    ...emptyForm,
    title: { is: ' Kosning ', en: '' },
    questions: [
      {
        text: { is: 'Hver?', en: 'Who?' },
        type: 'single-choice',
        most: '7',
        answers: [
          { is: 'Ada', en: '' },
          { is: '', en: '' },
          { is: 'Bea', en: '' },
        ],
      },
    ],
  }
  assert.deepEqual(needsOf(form), [])
  const body = bodyOf(form)
  assert.deepEqual(body.title, { is: 'Kosning' })
  assert.deepEqual(body.questions[0]?.answers, [{ text: { is: 'Ada' } }, { text: { is: 'Bea' } }])
  assert.equal(body.questions[0]?.max_selections, 1)
})

test('a passkey and an access token have each one word in Icelandic, which is not that of a ballot', () => {
  const files = [
    ['./texts/en.json', './texts/is.json'],
    ['../ui/texts/faults.en.json', '../ui/texts/faults.is.json'],
  ] as const
  for (const pair of files) {
    const [en = {}, is = {}] = pair.map(
      (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Record<string, string>,
    )
    for (const [key, text] of Object.entries(is)) {
      if (/aðgangslyk/i.test(text)) assert.match(en[key] ?? '', /passkey/i, key)
      assert.doesNotMatch(text, /aðgangsmið/i, key)
    }
  }
})

test('a key file is taken only when its secret belongs to the key of this election', async () => {
  const key = await makeKey('e')
  assert.equal(key.private_key.length, 43)
  assert.deepEqual(readKeyFile(keyFileText(key), key.public_key), key)
  assert.equal(readKeyFile(keyFileText(await makeKey('e')), key.public_key), null)
  assert.equal(readKeyFile('{}', key.public_key), null)
})

test('without a key that is saved, or with an end that has passed, nothing is opened', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  const election = {
    title: { is: 'a', en: 'a' },
    description: null,
    questions: [{}],
    sealing_key: 'k',
    scheduled_end: null,
  }
  const ready = (part: object, saved = true) =>
    isReady(checklist({ ...election, questions: [], ...part } as never, saved, now))
  assert.equal(ready({}), false, 'no question')
  const questions = [{ text: { is: 'a' }, options: [] }]
  assert.equal(ready({ questions }), true)
  assert.equal(ready({ questions }, false), false)
  assert.equal(ready({ questions, sealing_key: null }), false)
  assert.equal(ready({ questions, scheduled_end: '2026-11-22T11:00:00Z' }), false)
})
