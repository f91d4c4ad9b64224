import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import canonicalize from 'canonicalize'
import {
  compare,
  equal,
  fromBase64,
  fromBase64url,
  fromHex,
  fromUtf8,
  lengthPrefixed,
  toBase64,
  toBase64url,
  toHex,
  utf8,
} from './bytes.ts'
import { canonicalJson } from './canonical.ts'

const bytes = fc.uint8Array({ maxLength: 200 })

test('every codec agrees with the one of Node and reads back what it wrote', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const node = Buffer.from(value)
      assert.equal(toHex(value), node.toString('hex'))
      assert.equal(toBase64(value), node.toString('base64'))
      assert.equal(toBase64url(value), node.toString('base64url'))
      for (const [write, read] of [
        [toHex, fromHex],
        [toBase64, fromBase64],
        [toBase64url, fromBase64url],
      ] as const) {
        assert.ok(equal(read(write(value)), value))
      }
    }),
  )
})

test('a value has one spelling: everything else is refused', () => {
  for (const text of ['A', 'AB', 'AAB', 'AA==', 'A A', 'AA\n', '+A', '/A', 'AAAAA', 'ÁA']) {
    assert.throws(() => fromBase64url(text), SyntaxError, text)
  }
  for (const text of ['AA', 'AA=', 'AB==', 'AAB=', '=', '====', 'AAAA====', 'AA==AA==', '-A==']) {
    assert.throws(() => fromBase64(text), SyntaxError, text)
  }
  for (const text of ['0', 'AA', '0x', 'zz', ' 00']) assert.throws(() => fromHex(text), SyntaxError, text)
  assert.throws(() => fromUtf8(Uint8Array.of(0xff)))
  assert.equal(fromUtf8(utf8('\ufeffx')), '\ufeffx')
})

test('parts with their lengths never run into each other', () => {
  assert.notDeepEqual(lengthPrefixed('1', '23'), lengthPrefixed('12', '3'))
  assert.notDeepEqual(lengthPrefixed('', 'a'), lengthPrefixed('a', ''))
  assert.equal(toHex(lengthPrefixed('é')), '00000002c3a9')
})

test('equal and compare agree with Buffer', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      assert.equal(equal(a, b), Buffer.from(a).equals(b))
      assert.equal(Math.sign(compare(a, b)), Buffer.compare(a, b))
    }),
  )
})

test('canonical JSON is what the canonicalize package writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.equal(canonicalJson(value), (canonicalize as unknown as (value: unknown) => string)(value))
    }),
  )
})

test('canonical JSON of the examples in RFC 8785', () => {
  // The RFC writes 333333333.33333329; its point is that 333333333.3333333 comes out.
  const numbers = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0],
  }
  assert.equal(canonicalJson(numbers), '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0]}')
  // Section 3.2.3: keys by UTF-16 code units, so that the surrogates of the emoji come before U+FB33.
  const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
  assert.equal(canonicalJson(keys), '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}')
})

test('what JSON cannot carry is refused, not dropped', () => {
  const refused = [
    undefined,
    Number.NaN,
    Infinity,
    1n,
    () => 0,
    Symbol('x'),
    '\ud800',
    new Date(0),
    new Map(),
  ]
  for (const value of refused) {
    assert.throws(() => canonicalJson(value), TypeError)
    assert.throws(() => canonicalJson({ a: [value] }), TypeError)
  }
})
