/**
 * Bytes and their spellings. Browser-safe, and the only codecs of the project: strict, so that one value has exactly
 * one spelling. A lenient decoder would let the same ballot travel in two forms.
 */

/** What we return. WebCrypto asks for memory that is not shared, hence ArrayBuffer. What we take is any Uint8Array. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Chance is given to code (kernel/context has the real one), so that tests own it. */
export interface RandomSource {
  bytes(length: number): Uint8Array
}

const encoder = new TextEncoder()
// ignoreBOM keeps a leading U+FEFF: dropping it would make two different byte strings one text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const utf8 = (text: string): Bytes => encoder.encode(text)

/** Throws on bytes that are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Big-endian, as in every format we speak (RFC 8017 I2OSP, TLS, C2SP). */
export function uint32(value: number): Bytes {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new RangeError('not a uint32')
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** Each part after its length as uint32, so that no two lists of parts become the same bytes. */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Bytes {
  const bytes = parts.map((part) => (typeof part === 'string' ? utf8(part) : part))
  return concat(...bytes.flatMap((part) => [uint32(part.length), part]))
}

/** In constant time for equal lengths; a length is never a secret here. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/** Order of byte strings as memcmp has it; what boards and rosters are sorted by. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** For WebCrypto, whose types refuse shared memory. We never share any. */
export const source = (bytes: Uint8Array): Bytes => bytes as Bytes

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexOf[byte]
  return text
}

/** Lower case only: one value, one spelling. */
export function fromHex(text: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new SyntaxError('not lower-case hexadecimal')
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const base64 = createBase64(`${letters}+/`, '=')
const base64url = createBase64(`${letters}-_`, '')

/** RFC 4648 section 5, without padding (as JOSE has it). */
export const toBase64url = base64url.encode
export const fromBase64url = base64url.decode

/** RFC 4648 section 4, with padding (as C2SP notes have it). */
export const toBase64 = base64.encode
export const fromBase64 = base64.decode

function createBase64(alphabet: string, pad: '=' | '') {
  const values = new Uint8Array(128).fill(255)
  for (let value = 0; value < 64; value++) values[alphabet.charCodeAt(value)] = value

  function encode(bytes: Uint8Array): string {
    let text = ''
    for (let i = 0; i < bytes.length; i += 3) {
      const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
      const kept = Math.min(bytes.length - i, 3) + 1
      for (let j = 0; j < kept; j++) text += alphabet[(group >>> (18 - 6 * j)) & 63]
      text += pad.repeat(4 - kept)
    }
    return text
  }

  function decode(text: string): Bytes {
    const body = pad === '' ? text : unpadded(text)
    if (body.length % 4 === 1) throw malformed()
    const bytes = new Uint8Array(Math.floor((body.length * 3) / 4))
    let bits = 0
    let held = 0
    let filled = 0
    for (let i = 0; i < body.length; i++) {
      const value = values[body.charCodeAt(i)] ?? 255
      if (value === 255) throw malformed()
      bits = ((bits << 6) | value) & 0xffff
      held += 6
      if (held >= 8) bytes[filled++] = bits >>> (held -= 8)
    }
    // RFC 4648 section 3.5: the bits nobody reads must be zero, or one value would have several spellings.
    if ((bits & ((1 << held) - 1)) !== 0) throw malformed()
    return bytes
  }

  return { encode, decode }
}

function unpadded(text: string): string {
  const body = text.replace(/={1,2}$/, '')
  const padding = (4 - (body.length % 4)) % 4
  if (text.length !== body.length + padding) throw malformed()
  return body
}

const malformed = () => new SyntaxError('not canonical base64')

/**
 * Whether every text in it, names within included, can be kept in the database as it came: NUL is what PostgreSQL refuses, and half a
 * surrogate pair what UTF-8 cannot write. Asked wherever words of others come in, or they would come back as a failure of ours.
 */
export function isKeepable(value: unknown): boolean {
  const left = [value]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one === 'string' && (one.includes('\0') || !one.isWellFormed())) return false
    else if (typeof one === 'object' && one !== null)
      for (const name of Object.keys(one)) left.push(name, (one as Readonly<Record<string, unknown>>)[name])
  }
  return true
}
