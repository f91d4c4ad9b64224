/** An answer that is more than a value: another status, headers, cookies, a page, a redirect, bytes, bytes as they come. */
import { Readable } from 'node:stream'

export interface Cookie {
  readonly name: string
  readonly value: string
  /** Absent: until the browser closes. 0: forget it now. */
  readonly maxAgeSeconds?: number
  readonly path?: string
  readonly httpOnly?: boolean
  readonly sameSite?: 'Lax' | 'Strict'
}

export class Answer<T> {
  readonly value: T
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly Cookie[]
  /** Sent as it is, when the answer is not JSON. */
  readonly raw: string | Uint8Array | undefined
  /** Sent as it comes, when it is too long to be held. */
  readonly stream: Readable | undefined

  constructor(
    value: T,
    more: Partial<Pick<Answer<T>, 'status' | 'headers' | 'cookies' | 'raw' | 'stream'>> = {},
  ) {
    this.value = value
    this.status = more.status
    this.headers = more.headers ?? {}
    this.cookies = more.cookies ?? []
    this.raw = more.raw
    this.stream = more.stream
  }
}

type More = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly Cookie[]
}

export function answer<T>(value: T, more: More = {}): Answer<T> {
  return new Answer(value, more)
}

export function html(text: string, more: More = {}): Answer<undefined> {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...more.headers }
  return new Answer(undefined, { ...more, headers, raw: text })
}

/** 303: whatever the method was, the next one is GET (RFC 9110, section 15.4.4). */
export function redirect(location: string, more: More = {}): Answer<undefined> {
  return new Answer(undefined, { status: 303, ...more, headers: { ...more.headers, location }, raw: '' })
}

export function bytes(content: string | Uint8Array, type: string, more: More = {}): Answer<undefined> {
  return new Answer(undefined, { ...more, headers: { 'content-type': type, ...more.headers }, raw: content })
}

/** Text as it is made. Whoever goes away ends the making; what fails on the way breaks the answer off, so that nobody takes a part for all. */
export function streamed(parts: AsyncIterable<string>, type: string, more: More = {}): Answer<undefined> {
  const stream = Readable.from(parts, { objectMode: false })
  return new Answer(undefined, { ...more, headers: { 'content-type': type, ...more.headers }, stream })
}

/** The same answer, with more to remember. */
export function withCookies<T>(given: Answer<T>, cookies: readonly Cookie[]): Answer<T> {
  return new Answer(given.value, { ...given, cookies: [...given.cookies, ...cookies] })
}

/**
 * What a cookie is called on the wire. Over https it says `__Host-`, which a browser takes only from this very host, encrypted and for
 * all of its paths (RFC 6265bis, section 4.1.3.2): another host of the same domain can plant none of ours, and what lies under the plain
 * name is not read. Plain http has no such names: there, on a loopback address, a cookie is called what it is called.
 */
export const cookieName = (name: string, secure: boolean): string => (secure ? `${hostOnly}${name}` : name)
const hostOnly = '__Host-'

/**
 * RFC 6265, section 4.1. `secure` follows the scheme of the origin: a cookie for https never travels in clear. Such a name goes with the
 * path `/` alone: that no other host can write a cookie guards more than that other paths of our own do not see it.
 */
export function serializeCookie(cookie: Cookie, secure: boolean): string {
  const path = secure ? '/' : (cookie.path ?? '/')
  const parts = [`${cookieName(cookie.name, secure)}=${encodeURIComponent(cookie.value)}`, `Path=${path}`]
  if (cookie.maxAgeSeconds !== undefined) parts.push(`Max-Age=${cookie.maxAgeSeconds}`)
  if (cookie.httpOnly !== false) parts.push('HttpOnly')
  parts.push(`SameSite=${cookie.sameSite ?? 'Lax'}`)
  if (secure) parts.push('Secure')
  return parts.join('; ')
}

/** By the names that our code knows. Over https only what nobody but this host can have set. */
export function parseCookies(header: string | undefined, secure: boolean): Readonly<Record<string, string>> {
  const pairs = (header ?? '').split(';').map((part) => /^([^=]*)=(.*)$/s.exec(part.trim()) ?? [])
  return Object.fromEntries(
    pairs.flatMap(([, name, value]) => {
      if (name === undefined || value === undefined || (secure && !name.startsWith(hostOnly))) return []
      return [[secure ? name.slice(hostOnly.length) : name, decode(value)]]
    }),
  )
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
