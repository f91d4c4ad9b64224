/** An answer that is more than a value: another status, headers, cookies, a page, a redirect, bytes. */
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

  constructor(value: T, more: Partial<Pick<Answer<T>, 'status' | 'headers' | 'cookies' | 'raw'>> = {}) {
    this.value = value
    this.status = more.status
    this.headers = more.headers ?? {}
    this.cookies = more.cookies ?? []
    this.raw = more.raw
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

/** The same answer, with more to remember. */
export function withCookies<T>(given: Answer<T>, cookies: readonly Cookie[]): Answer<T> {
  return new Answer(given.value, { ...given, cookies: [...given.cookies, ...cookies] })
}

/** RFC 6265, section 4.1. `secure` follows the scheme of the origin: a cookie for https never travels in clear. */
export function serializeCookie(cookie: Cookie, secure: boolean): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`, `Path=${cookie.path ?? '/'}`]
  if (cookie.maxAgeSeconds !== undefined) parts.push(`Max-Age=${cookie.maxAgeSeconds}`)
  if (cookie.httpOnly !== false) parts.push('HttpOnly')
  parts.push(`SameSite=${cookie.sameSite ?? 'Lax'}`)
  if (secure) parts.push('Secure')
  return parts.join('; ')
}

export function parseCookies(header: string | undefined): Readonly<Record<string, string>> {
  const pairs = (header ?? '').split(';').map((part) => /^([^=]*)=(.*)$/s.exec(part.trim()) ?? [])
  return Object.fromEntries(
    pairs.flatMap(([, name, value]) =>
      name === undefined || value === undefined ? [] : [[name, decode(value)]],
    ),
  )
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
