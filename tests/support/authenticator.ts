/** A passkey without a browser: makes and answers as WebAuthn Level 3 says, and lies where a test wants it to. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

export interface Lies {
  readonly origin?: string
  readonly type?: string
  readonly challenge?: string
  readonly rpId?: string
  /** The person was not verified: somebody only touched the key. */
  readonly unverified?: boolean
  readonly counter?: number
  readonly otherKey?: boolean
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest()
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

export function createAuthenticator(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(16)
  const rpId = new URL(origin).hostname
  let counter = 0

  const client = (type: string, challenge: string, lies: Lies) =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? origin,
        crossOrigin: false,
      }),
    )

  /** rpIdHash(32) ‖ flags(1) ‖ counter(4): user present, user verified, and whether a key follows. */
  function authenticatorData(lies: Lies, key: Uint8Array = new Uint8Array()): Buffer {
    const flags = 0x01 | (lies.unverified === true ? 0 : 0x04) | (key.length > 0 ? 0x40 : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lies.counter ?? counter)
    return Buffer.concat([sha256(lies.rpId ?? rpId), Buffer.of(flags), count, key])
  }

  return {
    id: text(id),

    /** The answer to `navigator.credentials.create`. */
    make(options: string, lies: Lies = {}): string {
      const { challenge } = JSON.parse(options) as { challenge: string }
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(publicKey)])
      const authData = authenticatorData(lies, attested)
      const attestationObject = Buffer.concat([
        Buffer.of(0xa3),
        cborText('fmt'),
        cborText('none'),
        cborText('attStmt'),
        Buffer.of(0xa0),
        cborText('authData'),
        cborBytes(authData),
      ])
      return JSON.stringify({
        id: text(id),
        rawId: text(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: text(client('webauthn.create', challenge, lies)),
          attestationObject: text(attestationObject),
          transports: ['internal'],
        },
      })
    },

    /** The answer to `navigator.credentials.get`. */
    answer(options: string, lies: Lies = {}): string {
      const { challenge } = JSON.parse(options) as { challenge: string }
      counter += 1
      const data = authenticatorData(lies)
      const clientDataJSON = client('webauthn.get', challenge, lies)
      const key =
        lies.otherKey === true ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : privateKey
      const signature = sign('sha256', Buffer.concat([data, sha256(clientDataJSON)]), key)
      return JSON.stringify({
        id: text(id),
        rawId: text(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: text(clientDataJSON),
          authenticatorData: text(data),
          signature: text(signature),
        },
      })
    },
  }
}

/** RFC 9053: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const bytes = (value: string) => cborBytes(Buffer.from(value, 'base64url'))
  return Buffer.concat([
    Buffer.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21),
    bytes(x),
    Buffer.of(0x22),
    bytes(y),
  ])
}

const cborText = (value: string) => Buffer.concat([Buffer.of(0x60 + value.length), Buffer.from(value)])
function cborBytes(value: Uint8Array): Buffer {
  const head =
    value.length < 24
      ? [0x40 + value.length]
      : value.length < 256
        ? [0x58, value.length]
        : [0x59, value.length >> 8, value.length & 255]
  return Buffer.concat([Buffer.from(head), value])
}
