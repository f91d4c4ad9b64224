import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { test } from 'node:test'
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import vectors from '../../tests/vectors/rfc9180.p256.circl.json' with { type: 'json' }
import { fromHex, toHex, utf8 } from './bytes.ts'
import { createHpkeOpener } from './hpke-node.ts'
import { hpkeDeriveKeyPair, hpkeOpen, hpkeSeal } from './hpke.ts'

const random = (length: number) => new Uint8Array(crypto.randomBytes(length))

test('RFC 9180 A.3.1: keys, encapsulation and ciphertext are those of the RFC', async () => {
  for (const vector of vectors.vectors) {
    const info = fromHex(vector.info)
    const recipient = await hpkeDeriveKeyPair(fromHex(vector.ikmR))
    assert.equal(toHex(recipient.privateKey), vector.skRm)
    assert.equal(toHex(recipient.publicKey), vector.pkRm)

    for (const { aad, pt, ct } of vector.encryptions) {
      const message = { publicKey: recipient.publicKey, info, aad: fromHex(aad), plaintext: fromHex(pt) }
      const sealed = await hpkeSeal({ ...message, seed: fromHex(vector.ikmE) })
      assert.equal(toHex(sealed.enc), vector.enc)
      assert.equal(toHex(sealed.ciphertext), ct)
      const open = createHpkeOpener(recipient.privateKey, info)
      assert.deepEqual(open(sealed.enc, fromHex(aad), sealed.ciphertext), fromHex(pt))
      assert.deepEqual(
        await hpkeOpen({ privateKey: recipient.privateKey, info, aad: fromHex(aad), ...sealed }),
        fromHex(pt),
      )
    }
  }
})

test('@hpke/core opens what we seal, and we open what it seals', async () => {
  const suite = new CipherSuite({
    kem: new DhkemP256HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes128Gcm(),
  })
  for (let round = 0; round < 8; round++) {
    const own = await hpkeDeriveKeyPair(random(32))
    const [info, aad, plaintext] = [random(round), random(3 * round), random(100 * round)]
    const theirs = await suite.kem.importKey('raw', own.publicKey.buffer)
    const pair = await suite.kem.deriveKeyPair(own.privateKey.buffer)

    const sent = await suite.seal({ recipientPublicKey: theirs, info }, plaintext, aad)
    const [enc, ciphertext] = [new Uint8Array(sent.enc), new Uint8Array(sent.ct)]
    assert.deepEqual(createHpkeOpener(own.privateKey, info)(enc, aad, ciphertext), plaintext)
    assert.deepEqual(await hpkeOpen({ privateKey: own.privateKey, info, aad, enc, ciphertext }), plaintext)

    const raw = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))
    const sealed = await hpkeSeal({ publicKey: raw, info, aad, plaintext, seed: random(32) })
    const opened = await suite.open({ recipientKey: pair, enc: sealed.enc, info }, sealed.ciphertext, aad)
    assert.deepEqual(new Uint8Array(opened), plaintext)
  }
})

test('one seed makes one ciphertext, so a second device can compare', async () => {
  const { publicKey } = await hpkeDeriveKeyPair(random(32))
  const message = { publicKey, info: utf8('i'), aad: utf8('a'), plaintext: utf8('yes'), seed: random(32) }
  assert.deepEqual(await hpkeSeal(message), await hpkeSeal(message))
})

test('what was altered, moved or meant for another does not open', async () => {
  const { publicKey, privateKey } = await hpkeDeriveKeyPair(random(32))
  const [info, aad] = [utf8('info'), utf8('aad')]
  const { enc, ciphertext } = await hpkeSeal({
    publicKey,
    info,
    aad,
    plaintext: utf8('yes'),
    seed: random(32),
  })
  const other = (await hpkeDeriveKeyPair(random(32))).privateKey
  const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))
  const good = { privateKey, info, aad, enc, ciphertext }
  const attempts = [
    { ...good, privateKey: other },
    { ...good, info: utf8('Info') },
    { ...good, aad: utf8('Aad') },
    { ...good, enc: flipped(enc) },
    { ...good, enc: new Uint8Array(65) },
    { ...good, enc: enc.subarray(0, 64) },
    {
      ...good,
      enc: new Uint8Array(
        crypto.ECDH.convertKey(enc, 'prime256v1', undefined, undefined, 'compressed') as Buffer,
      ),
    },
    {
      ...good,
      enc: new Uint8Array(
        crypto.ECDH.convertKey(enc, 'prime256v1', undefined, undefined, 'hybrid') as Buffer,
      ),
    },
    { ...good, ciphertext: flipped(ciphertext) },
    { ...good, ciphertext: ciphertext.subarray(0, 15) },
  ]
  for (const attempt of attempts) {
    assert.equal(await hpkeOpen(attempt), null)
    const open = createHpkeOpener(attempt.privateKey, attempt.info)
    assert.equal(open(attempt.enc, attempt.aad, attempt.ciphertext), null)
  }
  assert.deepEqual(await hpkeOpen(good), utf8('yes'))
})
