import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { seedOfThisRun } from '../testing/index.ts'
import { JsonError, parseJson, writeJson } from './json.ts'

const seed = seedOfThisRun()

/** With a prototype, so that what was read can be compared with what JavaScript reads. */
const plain = (json: unknown): unknown => JSON.parse(writeJson(json)) as unknown

test('what JavaScript reads is read the same, or refused because it would be rounded', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
      const written = JSON.stringify(JSON.parse(text), null, indent)
      const read = outcome(written)
      if (read instanceof JsonError) return assert.match(read.message, /exactly|twice|surrogate/)
      assert.deepEqual(plain(read), plain(JSON.parse(written)))
    }),
    { seed, numRuns: 2_000 },
  )
})

test('what JavaScript refuses is refused, and nothing else is thrown', () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 4 }),
      fc.nat(),
      fc.string({ maxLength: 3, unit: 'binary' }),
      (text, at, more) => {
        const place = at % (text.length + 1)
        const broken = text.slice(0, place) + more + text.slice(place + 1)
        const read = outcome(broken)
        let theirs: unknown
        try {
          theirs = JSON.parse(broken)
        } catch {
          return assert.ok(read instanceof JsonError, broken)
        }
        if (!(read instanceof JsonError)) assert.deepEqual(plain(read), plain(theirs))
      },
    ),
    { seed, numRuns: 5_000 },
  )
})

function outcome(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonError) return error
    throw error
  }
}

test('an integer is what was written up to 64 bits, and nothing beyond', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const read = parseJson(String(value))
      assert.equal(BigInt(read as number | bigint), value)
      assert.equal(typeof read, Number.isSafeInteger(Number(value)) ? 'number' : 'bigint')
      assert.equal(writeJson(read), String(value))
    }),
    { seed },
  )
  for (const text of ['9223372036854775808', '-9223372036854775809', '1'.repeat(1_000_000)])
    assert.throws(() => parseJson(text), JsonError)
  assert.ok(Object.is(parseJson('-0'), 0))
})

test('no integer comes of a fraction that was not written', () => {
  assert.equal(parseJson('1.0'), 1)
  assert.equal(parseJson('1e3'), 1000)
  assert.equal(parseJson('0.1'), 0.1)
  for (const text of ['9007199254740993.0', '1.00000000000000000001', '1e400', '1e18', '9007199254740992.5'])
    assert.throws(() => parseJson(text), JsonError, text)
  for (const text of ['1.0', '1e3', '0.5'])
    assert.throws(() => parseJson(text, { fractions: false }), JsonError)
})

test('a name occurs once, and __proto__ is one like any other', () => {
  assert.throws(() => parseJson('{"a":1,"\\u0061":2}'), { name: 'JsonError', position: 7 })
  const read = parseJson('{"__proto__":{"admin":true},"constructor":1}') as Record<string, unknown>
  assert.equal(read['admin'], undefined)
  assert.deepEqual(Object.keys(read), ['__proto__', 'constructor'])
  assert.equal(({} as Record<string, unknown>)['admin'], undefined)
})

test('ten thousand brackets are refused, or read when they may be; never is there too little stack', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`
    assert.throws(() => parseJson(deep), /nesting is too deep/)
    assert.throws(() => parseJson(open.repeat(100_000), { maxDepth: 1_000_000 }), JsonError)
    assert.ok(parseJson(deep, { maxDepth: 100_000 }))
  }
  assert.throws(() => parseJson(`"${'a'.repeat(100)}"`, { maxLength: 50 }), /too long/)
})

test('half a character is no text', () => {
  for (const text of ['"\\ud800"', '"\\udc00\\ud800"', '"\ud800"', '"\\u12"', '"\u0001"', '"\\x"'])
    assert.throws(() => parseJson(text), JsonError)
  assert.equal(parseJson('"\\ud83d\\ude00"'), '😀')
})
