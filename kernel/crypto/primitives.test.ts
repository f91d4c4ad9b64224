import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { fromHex, toHex, utf8 } from './bytes.ts'
import { boxOverheadBytes, openBox, sealBox } from './box.ts'
import { signingKey, verifyEd25519 } from './ed25519.ts'
import { hkdf, hmac, sha256, sha384 } from './hash.ts'
import {
  activeKey,
  announceKey,
  keyId,
  type KeyRing,
  revokeKey,
  rotateKeys,
  verificationKeys,
} from './keyring.ts'
import { p256PublicKey } from './p256.ts'
import { hkdfWeb, sha256Web, sha384Web, verifyEd25519Web } from './web.ts'

const chance = { bytes: (length: number) => crypto.randomBytes(length) }

test('SHA-2, HMAC and HKDF agree with OpenSSL and with WebCrypto', async () => {
  assert.equal(toHex(sha256()), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  for (const length of [0, 1, 31, 63, 64, 65, 200]) {
    const [key, data] = [chance.bytes(length), chance.bytes(length + 3)]
    assert.equal(toHex(hmac(key, data)), crypto.createHmac('sha256', key).update(data).digest('hex'))
    assert.deepEqual(sha256(key, data), await sha256Web(key, data))
    assert.deepEqual(sha384(key, data), await sha384Web(key, data))
    assert.deepEqual(hkdf(key, data, data, 77), await hkdfWeb(key, data, data, 77))
  }
})

// RFC 4231, test cases 2 and 6.
test('HMAC-SHA256 of RFC 4231', () => {
  const short = hmac(utf8('Jefe'), utf8('what do ya want for nothing?'))
  assert.equal(toHex(short), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
  const long = hmac(
    new Uint8Array(131).fill(0xaa),
    utf8('Test Using Larger Than Block-Size Key - Hash Key First'),
  )
  assert.equal(toHex(long), '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54')
})

test('a box opens with its key at its place, and nowhere else', () => {
  const [key, other] = [chance.bytes(32), chance.bytes(32)]
  const box = sealBox(key, utf8('hello'), utf8('here'), chance)
  assert.equal(box.length, 5 + boxOverheadBytes)
  assert.deepEqual(openBox(key, box, utf8('here')), utf8('hello'))
  assert.equal(openBox(other, box, utf8('here')), null)
  assert.equal(openBox(key, box, utf8('there')), null)
  for (let i = 0; i < box.length; i++) {
    const altered = new Uint8Array(box)
    altered[i] = (altered[i] ?? 0) ^ 1
    assert.equal(openBox(key, altered, utf8('here')), null)
    assert.equal(openBox(key, box.subarray(0, i), utf8('here')), null)
  }
})

// RFC 8032 section 7.1, test 3.
test('Ed25519 signs as RFC 8032 says, and both verifiers agree', async () => {
  const key = signingKey(fromHex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7'))
  const message = fromHex('af82')
  const signature = key.sign(message)
  assert.equal(toHex(key.publicKey), 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025')
  assert.equal(
    toHex(signature),
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  )
  for (const verify of [verifyEd25519, verifyEd25519Web]) {
    assert.equal(await verify(key.publicKey, message, signature), true)
    assert.equal(await verify(key.publicKey, fromHex('af83'), signature), false)
    assert.equal(await verify(key.publicKey, message, signature.subarray(1)), false)
    assert.equal(await verify(key.publicKey.subarray(1), message, signature), false)
    assert.equal(await verify(signingKey(chance.bytes(32)).publicKey, message, signature), false)
  }
})

test('a P-256 scalar has the public point that OpenSSL computes', () => {
  const edges = [1n, 2n, 3n, 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550n]
  const scalar = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 1n, max: 2n ** 255n }))
  fc.assert(
    fc.property(scalar, (k) => {
      const bytes = fromHex(k.toString(16).padStart(64, '0'))
      const ecdh = crypto.createECDH('prime256v1')
      ecdh.setPrivateKey(bytes)
      assert.equal(toHex(p256PublicKey(bytes)), ecdh.getPublicKey('hex'))
    }),
  )
})

test('what is no P-256 private key is refused', () => {
  const order = fromHex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
  for (const bytes of [new Uint8Array(32), order, new Uint8Array(31).fill(1)]) {
    assert.throws(() => p256PublicKey(bytes), RangeError)
  }
})

test('a key is announced, signs, retires, and may be revoked at any time', () => {
  const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)]
  const at = (day: number) => new Date(Date.UTC(2026, 0, day))
  const states = (ring: KeyRing) => ring.map((key) => key.state)

  let ring = announceKey([], first, at(1))
  assert.equal(activeKey(ring)?.kid, keyId(first))
  assert.match(keyId(first), /^[0-9a-f]{16}$/)
  assert.throws(() => rotateKeys(ring, at(1)))
  assert.throws(() => announceKey(ring, first, at(1)))

  ring = announceKey(ring, second, at(2))
  assert.deepEqual(states(ring), ['active', 'next'])
  assert.equal(verificationKeys(ring).length, 2)
  assert.throws(() => announceKey(ring, Uint8Array.of(3), at(2)))

  ring = rotateKeys(ring, at(3))
  assert.deepEqual(states(ring), ['retiring', 'active'])
  assert.deepEqual(
    ring.map((key) => key.since),
    [at(3), at(3)],
  )

  ring = revokeKey(ring, keyId(first), at(4))
  assert.deepEqual(
    verificationKeys(ring).map((key) => key.kid),
    [keyId(second)],
  )
  ring = revokeKey(announceKey(ring, Uint8Array.of(3), at(5)), keyId(second), at(5))
  assert.deepEqual(states(ring), ['revoked', 'revoked', 'active'])
  assert.throws(() => revokeKey(ring, 'unknown', at(6)))
})
