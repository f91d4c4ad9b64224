/** A new key of an algorithm, and its name. */
import { createHash, generateKeyPair, type KeyPairKeyObjectResult } from 'node:crypto'
import { promisify } from 'node:util'
import type { Algorithm } from './schema.ts'

const generate = promisify(generateKeyPair)

/** 2048 bits (RFC 7518, section 3.3): an RSA signature is what half of a token's time goes into, and a key lives for three months. */
const makers: Readonly<Record<Algorithm, () => Promise<KeyPairKeyObjectResult>>> = {
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generate('ed25519'),
  RS256: () => generate('rsa', { modulusLength: 2048 }),
  PS256: () => generate('rsa', { modulusLength: 2048 }),
}

export async function makeKey(alg: Algorithm) {
  const { publicKey, privateKey } = await makers[alg]()
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  return {
    kid: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    public: { ...publicKey.export({ format: 'jwk' }) },
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
  }
}
