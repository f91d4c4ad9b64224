/**
 * Keys that programs show: `althing_<id>.<secret><checksum>`. The first word lets scanners of code and chats find one that was lost; the
 * checksum says that it is one, and refuses what was cut or mistyped before anybody is asked. It keeps nobody out: the secret does.
 */
import { crc32 } from 'node:zlib'
import type { Chance } from '../context/index.ts'

/** For `POST`: a key that was shown at a door becomes a short token of ours. */
export const apiKeyPath = '/internal/api-keys'

const word = 'althing_'
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 95 bits, to look it up by; 256 bits, to be nobody's guess; the 32 of the CRC. */
const lengths = { id: 16, secret: 43, checksum: 6 } as const
const form = /^althing_([0-9A-Za-z]{16})\.([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

export interface ApiKey {
  readonly id: string
  readonly secret: string
}

/** Whether somebody means it to be one. */
export const looksLikeApiKey = (token: string): boolean => token.startsWith(word)

/** Null when it is not one: another form, or another checksum. */
export function readApiKey(token: string): ApiKey | null {
  const [, id, secret, checksum] = form.exec(token) ?? []
  if (id === undefined || secret === undefined || checksum !== checksumOf(id, secret)) return null
  return { id, secret }
}

export function newApiKey(chance: Chance): ApiKey & { readonly text: string } {
  const id = inDigits(chance.bytes(12), lengths.id)
  const secret = inDigits(chance.bytes(32), lengths.secret)
  return { id, secret, text: `${word}${id}.${secret}${checksumOf(id, secret)}` }
}

/** CRC-32 as in gzip (RFC 1952, section 8), over all that stands before it. */
function checksumOf(id: string, secret: string): string {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, crc32(`${word}${id}.${secret}`))
  return inDigits(bytes, lengths.checksum)
}

/** The number that the bytes are, the first one the greatest, in base 62, with zeros before it; never longer than `length`. */
function inDigits(bytes: Uint8Array, length: number): string {
  let [rest, text] = [BigInt(`0x${Buffer.from(bytes).toString('hex')}`), '']
  for (let n = 0; n < length; n += 1) {
    text = `${digits[Number(rest % 62n)]}${text}`
    rest /= 62n
  }
  return text
}
