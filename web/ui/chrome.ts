/** What surrounds a page, worked out from its request: language, colours, path; and the cookies that keep a choice just made. */
import type { Assets, Chrome, Organisation } from './document.ts'
import { preferences } from './locale.ts'

/** What a server knows of the request; every part of it is the visitor's to choose. */
export interface ChromeRequest {
  /** Path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
}

export interface PreferenceCookie {
  readonly name: 'lang' | 'theme'
  readonly value: string
  readonly maxAgeSeconds: number
}

const year = 31_536_000

/** @returns for each request its surroundings, and the cookies to set when a switch was used. */
export function createChrome({
  organisation,
  assets,
}: {
  readonly organisation: Organisation
  readonly assets: Assets
}) {
  return function chromeOf(request: ChromeRequest, more: Pick<Chrome, 'person' | 'links'> = {}) {
    const path = ownPath(request.url)
    const query = Object.fromEntries(new URL(path, 'http://page').searchParams)
    const { locale, theme } = preferences({
      query,
      cookies: request.cookies,
      acceptLanguage: request.headers['accept-language'],
    })
    const chosen: PreferenceCookie[] = [
      ...(query['lang'] === locale ? [{ name: 'lang' as const, value: locale, maxAgeSeconds: year }] : []),
      ...(query['theme'] === theme ? [{ name: 'theme' as const, value: theme, maxAgeSeconds: year }] : []),
    ]
    const chrome: Chrome = { locale, theme, path, organisation, assets, ...more }
    return { chrome, cookies: chosen }
  }
}

/** Links of a page are made from it: what begins with two slashes would lead to another host (attack 44). */
const ownPath = (url: string): string => (url.startsWith('/') ? url.replace(/^[/\\]+/, '/') : '/')
