/**
 * What a browser keeps of the questions that were begun in it. Whatever sites make it do, it is little: a browser that sends more than a server
 * reads is answered by none, and its person could not even sign out.
 */
import { cookieName } from '@althing/kernel/http'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { askedCookie, begunCookie } from './schema.ts'

/** Tabs with a question that is open; of more the oldest cannot be answered any more. */
const mostBegun = 24
/** Applications that a page names when somebody goes back to its question: as many as fit. */
const mostAskedLength = 1_500
const lastsMs = 600_000

type Cookies = Readonly<Record<string, string | undefined>>
interface Options {
  readonly httpOnly: true
  readonly sameSite: 'lax'
  readonly secure: boolean
  readonly signed: false
}

/** Says in this browser, and in no other, that the question was begun here, and by whom. */
export function noteBegun(
  ctx: Pick<KoaContextWithOIDC, 'cookies' | 'headers'>,
  uid: string,
  client: string,
  options: Options,
): void {
  const kept = { ...options, path: '/', maxAge: lastsMs }
  const named = (name: string) => cookieName(name, options.secure)
  // A browser says first what it has had for longest (RFC 6265, section 5.4).
  const begun = [...(ctx.headers.cookie ?? '').matchAll(/(?:^|;) *([^=; ]+)=/g)]
    .map(([, name = '']) => name)
    .filter((name) => name.startsWith(named(begunCookie(''))))
  for (const name of begun.slice(0, Math.max(0, begun.length + 1 - mostBegun)))
    ctx.cookies.set(name, null, { ...options, path: '/' })
  ctx.cookies.set(named(begunCookie(uid)), '1', kept)
  const before = ctx.cookies.get(named(askedCookie), { signed: false }) ?? ''
  ctx.cookies.set(named(askedCookie), withAsked(before, uid, client), kept)
}

/** The last one first. Ids of questions hold neither mark. */
function withAsked(before: string, uid: string, client: string): string {
  const lines = [`${uid}:${encodeURIComponent(client)}`, ...before.split('.')].filter((line) => line !== '')
  while (lines.length > 1 && lines.join('.').length > mostAskedLength) lines.pop()
  return lines.join('.')
}

/** Null of one that was begun elsewhere, or too long ago. */
export function askedBy(id: string, cookies: Cookies): string | null {
  const line = (cookies[askedCookie] ?? '').split('.').find((one) => one.startsWith(`${id}:`))
  if (cookies[begunCookie(id)] === undefined || line === undefined) return null
  return decoded(line.slice(id.length + 1))
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
