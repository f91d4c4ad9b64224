import assert from 'node:assert/strict'
import nodeCrypto from 'node:crypto'
import { before, test } from 'node:test'
import { RSABSSA } from '@cloudflare/blindrsa-ts'
import vectors from '../../tests/vectors/rfc9474.psszero.circl.json' with { type: 'json' }
import { concat, fromHex, toBase64url, toHex, utf8 } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { type IssuingKey, nullifierOf, prepare, scopeInput, sameRequest, ticketMessage } from './format.ts'
import { type BlindSigner, createBlindSigner, generateIssuingKey, type IssuingPrivateKey } from './issuer.ts'
import { oneTimeKey, oneTimeKeyOf, signOnce, verifyOnce } from './onetime.ts'
import { emsaPssZero, inverse, rsaPublic, toBytes, toInteger } from './rsa.ts'
import { createTicketVerifier, nullifierSync, verifyOnceInPool, verifyOnceSync } from './verify.ts'
import {
  blind,
  collectTicket,
  deriveFromSeed,
  finalize,
  pendingTicket,
  requestTicket,
  verifySignature,
  verifyTicket,
} from './voter.ts'

const random = (length: number) => new Uint8Array(nodeCrypto.randomBytes(length))
const scope = { manifestHash: sha256(utf8('manifest')), slot: '1', class: 'full' }

// Key generation is the slow part, so the stories share two keys of 2048 bits.
let key: IssuingPrivateKey
let other: IssuingPrivateKey
let signer: BlindSigner
before(async () => {
  ;[key, other] = await Promise.all([generateIssuingKey(2048), generateIssuingKey(2048)])
  signer = createBlindSigner(key.pkcs8)
})

test('RFC 9474 appendix A: encoding, blinding, signature and unblinding are those of the RFC', async () => {
  for (const vector of vectors.vectors) {
    const { issuingKey, pkcs8, n } = vectorKey(vector)
    const message = concat(fromHex(vector.msg_prefix), fromHex(vector.msg))
    assert.equal(toHex(message), vector.input_msg)
    assert.equal(toHex(await emsaPssZero(message, 4096)), padded(vector.encoded_msg))

    const factor = inverse(BigInt(vector.inv), n)
    assert.ok(factor)
    const blinded = await blind(issuingKey, message, toBytes(factor, 512))
    assert.equal(toHex(blinded.blinded), padded(vector.blinded_msg))
    assert.equal(toHex(blinded.inverse), padded(vector.inv))
    const blindSignature = createBlindSigner(pkcs8).blindSign(blinded.blinded)
    assert.equal(toHex(blindSignature), padded(vector.blind_sig))
    const signature = await finalize(issuingKey, message, blindSignature, blinded.inverse)
    assert.equal(toHex(signature), padded(vector.sig))
    assert.equal(await verifySignature(issuingKey, message, signature), true)
  }
})

test('a client of blindrsa-ts is served by our signer and believed by our verifier', async () => {
  const suite = RSABSSA.SHA384.PSSZero.Randomized()
  const publicKey = await importOracle(key.publicKey)
  const message = await ticketMessage(scope, (await oneTimeKey(random(32))).publicKey)
  const prepared = suite.prepare(message)
  const { blindedMsg, inv } = await suite.blind(publicKey, prepared)
  const signature = await suite.finalize(publicKey, prepared, signer.blindSign(blindedMsg), inv)
  assert.equal(await verifySignature(key.publicKey, prepared, signature), true)
})

test('our client is served by the signer of blindrsa-ts and believed by its verifier', async () => {
  const suite = RSABSSA.SHA384.PSSZero.Randomized()
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
  const secret = await crypto.subtle.importKey('pkcs8', key.pkcs8, algorithm, true, ['sign'])
  const prepared = prepare(random(32), utf8('message'))
  const { blinded, inverse } = await blind(key.publicKey, prepared, random(272))
  const blindSignature = await suite.blindSign(secret, blinded)
  assert.deepEqual(blindSignature, signer.blindSign(blinded))
  const signature = await finalize(key.publicKey, prepared, blindSignature, inverse)
  assert.equal(await suite.verify(await importOracle(key.publicKey), signature, prepared), true)
})

test('a voter asks, receives and shows a ticket; the box believes it without having seen it', async () => {
  const pending = pendingTicket(random(32), scope, key.publicKey)
  const request = await requestTicket(pending)
  const ticket = await collectTicket(pending, signer.blindSign(request.blinded))
  const box = createTicketVerifier(key.publicKey, scope)
  assert.equal(box.verifySync(ticket), true)
  assert.equal(await box.verify(ticket), true)
  assert.equal(await verifyTicket(key.publicKey, scope.manifestHash, ticket), true)
  assert.deepEqual(nullifierSync(ticket.otk), await nullifierOf(ticket.otk))
})

test('asking again after a lost answer is the same request and gets the same ticket', async () => {
  const pending = pendingTicket(random(32), scope, key.publicKey)
  const again = structuredClone(JSON.parse(JSON.stringify(pending)) as typeof pending)
  const [first, second] = [await requestTicket(pending), await requestTicket(again)]
  assert.equal(sameRequest(first, second), true)
  const signatures = await signer.blindSignAll([first.blinded, second.blinded])
  assert.deepEqual(signatures[0], signatures[1])
  assert.deepEqual(await collectTicket(pending, signatures[0]!), await collectTicket(again, signatures[1]!))
})

test('another seed, slot, class or election makes an unrelated request', async () => {
  const seed = random(32)
  const scopes = [
    scope,
    { ...scope, slot: '2' },
    { ...scope, class: 'half' },
    { ...scope, manifestHash: random(32) },
  ]
  const requests = await Promise.all(
    scopes.map((each) => requestTicket(pendingTicket(seed, each, key.publicKey))),
  )
  assert.equal(new Set(requests.map(({ blinded }) => toHex(blinded))).size, scopes.length)
  const sealing = await deriveFromSeed(seed, scope, 'seal/1', 32)
  assert.notDeepEqual(sealing, await deriveFromSeed(seed, scope, 'seal/2', 32))
})

test('the request tells nothing: every prepared message could be behind a blinded value', async () => {
  const prepared = prepare(random(32), utf8('Ada'))
  const { blinded } = await blind(key.publicKey, prepared, random(272))
  // For any other message there is a factor that blinds it to the same value; the signer, who knows d, can compute it.
  const { n } = rsaPublic(key.publicKey)
  const suspected = toInteger(await emsaPssZero(prepare(random(32), utf8('Bea')), 2048))
  const quotient = toBytes((toInteger(blinded) * (inverse(suspected, n) ?? 0n)) % n, 256)
  const factor = signer.blindSign(quotient)
  assert.ok(inverse(toInteger(factor), n))
})

test('a signature under a key made for one voter fails at the voter and at the box', async () => {
  const pending = pendingTicket(random(32), scope, key.publicKey)
  const { blinded } = await requestTicket(pending)
  const lowered = toBytes(toInteger(blinded) % rsaPublic(other.publicKey).n, 256)
  const tagged = createBlindSigner(other.pkcs8).blindSign(lowered)
  await assert.rejects(collectTicket(pending, tagged), (error: { reason?: string }) =>
    ['signature', 'range'].includes(error.reason ?? ''),
  )
  const theirs = pendingTicket(random(32), scope, other.publicKey)
  const ticket = await collectTicket(
    theirs,
    createBlindSigner(other.pkcs8).blindSign((await requestTicket(theirs)).blinded),
  )
  assert.equal(createTicketVerifier(key.publicKey, scope).verifySync(ticket), false)
})

test('a ticket serves one right only, and nothing in it may change', async () => {
  const pending = pendingTicket(random(32), scope, key.publicKey)
  const ticket = await collectTicket(pending, signer.blindSign((await requestTicket(pending)).blinded))
  for (const wrong of [
    { ...scope, slot: '2' },
    { ...scope, class: 'half' },
    { ...scope, manifestHash: random(32) },
  ]) {
    assert.equal(createTicketVerifier(key.publicKey, wrong).verifySync(ticket), false)
  }
  const box = createTicketVerifier(key.publicKey, scope)
  const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 7 ? byte ^ 4 : byte))
  const altered = [
    { ...ticket, prefix: flip(ticket.prefix) },
    { ...ticket, prefix: new Uint8Array() },
    { ...ticket, prefix: ticket.prefix.subarray(1) },
    { ...ticket, signature: flip(ticket.signature) },
    { ...ticket, signature: ticket.signature.subarray(1) },
    { ...ticket, signature: concat(Uint8Array.of(0), ticket.signature) },
    { ...ticket, otk: flip(ticket.otk) },
    { ...ticket, otk: ticket.otk.subarray(1) },
    { ...ticket, otk: (await oneTimeKey(random(32))).publicKey },
  ]
  for (const [i, attempt] of altered.entries()) {
    assert.equal(box.verifySync(attempt), false, `attempt ${i}`)
    assert.equal(await box.verify(attempt), false, `attempt ${i}`)
    assert.equal(await verifyTicket(key.publicKey, scope.manifestHash, attempt), false, `attempt ${i}`)
  }
})

test('a signature over an unprepared or salted message is no ticket', async () => {
  const otk = (await oneTimeKey(random(32))).publicKey
  const message = await ticketMessage(scope, otk)
  const secret = nodeCrypto.createPrivateKey({ key: Buffer.from(key.pkcs8), format: 'der', type: 'pkcs8' })
  const sign = (bytes: Uint8Array, saltLength: number) =>
    new Uint8Array(
      nodeCrypto.sign('sha384', bytes, {
        key: secret,
        padding: nodeCrypto.constants.RSA_PKCS1_PSS_PADDING,
        saltLength,
      }),
    )
  const box = createTicketVerifier(key.publicKey, scope)
  const prefix = random(32)
  assert.equal(box.verifySync({ otk, prefix, signature: sign(prepare(prefix, message), 0) }), true)
  assert.equal(box.verifySync({ otk, prefix, signature: sign(message, 0) }), false)
  assert.equal(box.verifySync({ otk, prefix: new Uint8Array(), signature: sign(message, 0) }), false)
  assert.equal(box.verifySync({ otk, prefix, signature: sign(prepare(prefix, message), 48) }), false)
})

test('the signer refuses what no honest voter sends', () => {
  const { n } = rsaPublic(key.publicKey)
  const refused: [Uint8Array, string][] = [
    [new Uint8Array(255), 'length'],
    [new Uint8Array(257), 'length'],
    [new Uint8Array(), 'length'],
    [toBytes(0n, 256), 'range'],
    [toBytes(1n, 256), 'range'],
    [toBytes(n - 1n, 256), 'range'],
    [toBytes(n, 256), 'range'],
    [new Uint8Array(256).fill(255), 'range'],
  ]
  for (const [blinded, reason] of refused)
    assert.throws(() => signer.blindSign(blinded), { name: 'TicketRefused', reason })
  assert.equal(signer.blindSign(toBytes(2n, 256)).length, 256)
})

test('the voter refuses an answer of the wrong form, and a key that is none', async () => {
  const pending = pendingTicket(random(32), scope, key.publicKey)
  const { n } = rsaPublic(key.publicKey)
  await assert.rejects(collectTicket(pending, new Uint8Array(255)), { reason: 'length' })
  await assert.rejects(collectTicket(pending, toBytes(n, 256)), { reason: 'range' })
  await assert.rejects(collectTicket(pending, toBytes(5n, 256)), { reason: 'signature' })
  const jwk = key.publicKey
  const small = nodeCrypto
    .generateKeyPairSync('rsa', { modulusLength: 1024 })
    .publicKey.export({ format: 'jwk' })
  const bad = [
    { ...jwk, e: 'Aw' },
    { ...jwk, e: 'AQ' },
    { ...jwk, n: small.n },
    { ...jwk, n: toBase64url(toBytes(n - 1n, 256)) },
    { ...jwk, n: `${jwk.n}=` },
    { ...jwk, kty: 'EC' },
  ]
  for (const issuingKey of bad) {
    await assert.rejects(requestTicket({ ...pending, issuingKey: issuingKey as IssuingKey }), {
      reason: 'issuing key',
    })
  }
})

test('a factor that is not invertible is refused before anything is sent', async () => {
  const { issuingKey, p } = vectorKey(vectors.vectors[0]!)
  const prepared = prepare(random(32), utf8('x'))
  await assert.rejects(blind(issuingKey, prepared, toBytes(p, 512)), { reason: 'not invertible' })
  await assert.rejects(blind(issuingKey, prepared, new Uint8Array(528)), { reason: 'not invertible' })
  await assert.rejects(blind(issuingKey, prepared, random(511)), TypeError)
})

test('slot and class cannot lend each other letters', () => {
  assert.notDeepEqual(
    scopeInput({ ...scope, slot: '1', class: '23' }),
    scopeInput({ ...scope, slot: '12', class: '3' }),
  )
  assert.throws(() => scopeInput({ ...scope, manifestHash: random(31) }), TypeError)
})

test('a one-time key signs in the browser and is believed by the box', async () => {
  const own = await oneTimeKey(random(32))
  const message = utf8('ballot')
  const signature = await signOnce(own, message)
  assert.deepEqual(oneTimeKeyOf(own.privateKey), own)
  const off = own.publicKey.map((byte, i) => (i === 64 ? byte ^ 1 : byte))
  const flip = signature.map((byte, i) => (i === 3 ? byte ^ 1 : byte))
  for (const verify of [verifyOnce, verifyOnceSync, verifyOnceInPool]) {
    assert.equal(await verify(own.publicKey, message, signature), true)
    assert.equal(await verify(own.publicKey, utf8('Ballot'), signature), false)
    assert.equal(await verify(own.publicKey, message, flip), false)
    assert.equal(await verify(own.publicKey, message, signature.subarray(1)), false)
    assert.equal(await verify(own.publicKey, message, new Uint8Array(64)), false)
    assert.equal(await verify(off, message, signature), false)
    assert.equal(await verify(own.publicKey.subarray(0, 33), message, signature), false)
    assert.equal(await verify((await oneTimeKey(random(32))).publicKey, message, signature), false)
  }
})

test('every form of a signature is read as WebCrypto reads it', async () => {
  const own = await oneTimeKey(random(32))
  // Many signatures, so that r and s with leading zeros and with a high first bit are among them.
  for (let i = 0; i < 300; i++) {
    const signature = await signOnce(own, utf8(`${i}`))
    assert.equal(verifyOnceSync(own.publicKey, utf8(`${i}`), signature), true, toHex(signature))
    const chance = random(64)
    assert.equal(
      verifyOnceSync(own.publicKey, utf8(`${i}`), chance),
      await verifyOnce(own.publicKey, utf8(`${i}`), chance),
    )
  }
  for (const signature of [new Uint8Array(64), new Uint8Array(64).fill(255), new Uint8Array(64).fill(1)]) {
    assert.equal(verifyOnceSync(own.publicKey, utf8('x'), signature), false)
  }
})

type Vector = (typeof vectors.vectors)[number]

const padded = (hex: string) => hex.replace(/^0x/, '').padStart(1024, '0')

function vectorKey(vector: Vector) {
  const big = (hex: string) => BigInt(hex)
  const [n, e, d, p, q] = [big(vector.n), big(vector.e), big(vector.d), big(vector.p), big(vector.q)]
  const text = (value: bigint) => {
    const hex = value.toString(16)
    return toBase64url(fromHex(hex.padStart(hex.length + (hex.length % 2), '0')))
  }
  const jwk = {
    kty: 'RSA' as const,
    n: text(n),
    e: text(e),
    d: text(d),
    p: text(p),
    q: text(q),
    dp: text(d % (p - 1n)),
    dq: text(d % (q - 1n)),
    qi: text(inverse(q, p) ?? 0n),
  }
  const secret = nodeCrypto.createPrivateKey({ key: jwk, format: 'jwk' })
  const issuingKey: IssuingKey = { kty: 'RSA', n: jwk.n, e: jwk.e }
  return { n, p, issuingKey, pkcs8: new Uint8Array(secret.export({ type: 'pkcs8', format: 'der' })) }
}

function importOracle(publicKey: IssuingKey) {
  return crypto.subtle.importKey('jwk', { ...publicKey }, { name: 'RSA-PSS', hash: 'SHA-384' }, true, [
    'verify',
  ])
}
