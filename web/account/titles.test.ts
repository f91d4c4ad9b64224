import assert from 'node:assert/strict'
import { test } from 'node:test'
import en from './texts/en.json' with { type: 'json' }
import is from './texts/is.json' with { type: 'json' }

for (const [locale, texts] of Object.entries({ is, en }))
  test(`${locale}: no two pages about oneself are called the same, so that a name leads to one of them`, () => {
    const titles = Object.entries(texts).filter(([key]) => key.endsWith('.title'))
    const twice = titles.filter(([key, title]) =>
      titles.some(([other, same]) => other !== key && same === title),
    )
    assert.deepEqual(twice, [])
  })
