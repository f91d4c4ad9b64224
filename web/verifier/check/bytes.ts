/**
 * The verifier shares no code with what it verifies: not one import from the kernel or a service. Everything here is written a
 * second time, from PROTOCOL.md and the standards, on WebCrypto alone.
 */
export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()

/** A lone surrogate has no bytes: an encoder would write U+FFFD for it, and two texts would become the same bytes. */
export function utf8(text: string): Bytes {
  if (!text.isWellFormed()) throw new TypeError('a text with a lone surrogate has no bytes')
  return encoder.encode(text)
}

/** Strict for the same reason; a byte order mark stays what it is. @throws TypeError on bytes that are no UTF-8 */
export const fromUtf8 = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

export function join(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** `len(x)` of PROTOCOL.md: 32 bits, big-endian. */
export function length(part: Uint8Array): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, part.length)
  return bytes
}

/** `F(label, …)` of PROTOCOL.md. */
export function framed(label: string, ...parts: readonly (Uint8Array | string)[]): Bytes {
  const framedParts = parts
    .map((part) => (typeof part === 'string' ? utf8(part) : part))
    .flatMap((part) => [length(part), part])
  return join(utf8(`${label}\n`), ...framedParts)
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Base64url without padding, in its one spelling; anything else is not accepted. */
export function fromB64u(text: string): Bytes | null {
  const bits = [...text].map((letter) => alphabet.indexOf(letter))
  if (bits.includes(-1) || text.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8))
  let [held, count, at] = [0, 0, 0]
  for (const six of bits) {
    held = (held << 6) | six
    count += 6
    if (count >= 8) {
      count -= 8
      bytes[at] = (held >> count) & 255
      at += 1
      held &= (1 << count) - 1
    }
  }
  return held === 0 ? bytes : null
}

export function toB64u(bytes: Uint8Array): string {
  let [text, held, count] = ['', 0, 0]
  for (const byte of bytes) {
    held = (held << 8) | byte
    count += 8
    while (count >= 6) {
      count -= 6
      text += alphabet.charAt((held >> count) & 63)
    }
    held &= (1 << count) - 1
  }
  return count === 0 ? text : text + alphabet.charAt((held << (6 - count)) & 63)
}

/** Standard base64 with padding, as signed notes use it. */
export function fromBase64(text: string): Bytes | null {
  const [, body = '', padding = ''] = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(text) ?? []
  if (body === '' || (body.length + padding.length) % 4 !== 0) return null
  return fromB64u(body.replaceAll('+', '-').replaceAll('/', '_'))
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)))
}

/** JSON in its one form (RFC 8785) for what stands in a bundle: texts, safe integers and short decimals. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** Words that stand for a hash: 16 bits each, consonant and vowel in turn. */
export function words(hash: Uint8Array, many: number): string[] {
  return Array.from({ length: many }, (_, index) => {
    const bits = ((hash[index * 2] ?? 0) << 8) | (hash[index * 2 + 1] ?? 0)
    const consonant = (shift: number) => 'bdfghjklmnprstvz'.charAt((bits >> shift) & 15)
    const vowel = (shift: number) => 'aiou'.charAt((bits >> shift) & 3)
    return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0)
  })
}
