import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { plainly } from './plainly.ts'

const Words = z.strictObject({
  name: z.string().min(2).max(4),
  days: z.int().max(9),
  kind: z.enum(['web', 'spa']),
  page: z.url(),
  id: z.string().regex(/^a/),
  all: z.array(z.string()).max(1),
  until: z.iso.datetime().optional(),
})

test('what a schema refuses is said plainly: without a word of the library, and without the value', () => {
  const said = (value: unknown) =>
    Words.safeParse(value).error?.issues.map((issue) => [issue.path.join('/'), plainly(issue)])
  assert.deepEqual(
    said({
      name: 'x',
      days: 10,
      kind: 'secret-1',
      page: 'secret-2',
      id: 'b',
      all: ['a', 'b'],
      until: 'soon',
    }),
    [
      ['name', 'must have at least 2 characters'],
      ['days', 'must be at most 9'],
      ['kind', 'must be one of: web, spa'],
      ['page', 'must be a whole address, as https://example.org/'],
      ['id', 'has characters that it may not have'],
      ['all', 'must have at most 1 entries'],
      ['until', 'must be a moment, as 2026-12-24T18:00:00Z'],
    ],
  )
  assert.deepEqual(
    said({ name: 'xx', days: NaN, kind: 'web', page: 'https://a.example/', id: 'a', all: 'x', other: 1 }),
    [
      ['days', 'must be a number'],
      ['all', 'must be a list'],
      ['', 'is no word that is known here'],
    ],
  )
  assert.deepEqual(said(null), [['', 'must be an object with words of its own']])
  assert.equal(plainly(Words.safeParse({}).error?.issues[0] ?? assert.fail()), 'is missing')
})
