/** What all pages of identity have in common: language and colours, the frame around them, and where they may lead. */
import type { Fault } from '@althing/kernel/errors'
import { contentPolicy, html, redirect, type Answer, type Cookie } from '@althing/kernel/http'
import { problemPage } from '@althing/web-account/problem.ts'
import { errorPage } from '@althing/web-signin/error.ts'
import { builtOrUnbuilt } from '@althing/web-ui/assets.ts'
import type { Chrome } from '@althing/web-ui/document.ts'
import { preferences, type Locale } from '@althing/web-ui/locale.ts'
import { z } from 'zod'

/** The switches of language and colours, on every page that is asked for by GET. */
export const Switches = { lang: z.string().max(10).optional(), theme: z.string().max(10).optional() }

/** What of a request a page depends on. */
export interface Asked {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly query?: { readonly lang?: string | undefined; readonly theme?: string | undefined } | undefined
}

interface ShowOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly Cookie[]
  /** Origins that a form of this page may lead to in the end: a browser follows the policy through every redirect. */
  readonly formAction?: readonly string[]
  /** Origins of a widget on this page. */
  readonly widgets?: readonly string[]
}

export interface Pages {
  chrome(asked: Asked, path: string, person?: { readonly name: string }): Chrome
  locale(asked: Asked): Locale
  show(asked: Asked, text: string, options?: ShowOptions): Answer<undefined>
}

export function createPages({
  organisation,
  dist,
}: {
  readonly organisation: string
  readonly dist: URL
}): Pages {
  const assets = builtOrUnbuilt(dist)
  const wished = ({ headers, cookies, query }: Asked) =>
    preferences({ query, cookies, acceptLanguage: headers['accept-language'] })
  return {
    locale: (asked) => wished(asked).locale,
    chrome: (asked, path, person) => ({
      ...wished(asked),
      path,
      organisation: { name: organisation, home: '/' },
      assets,
      ...(person === undefined ? {} : { person }),
    }),
    show: ({ query }, text, { formAction = [], widgets = [], headers = {}, cookies = [], ...more } = {}) =>
      html(text, {
        ...more,
        headers: {
          ...headers,
          ...(formAction.length + widgets.length === 0
            ? {}
            : { 'content-security-policy': contentPolicy({ formAction, widgets }) }),
        },
        cookies: [
          ...cookies,
          ...chosen('lang', query?.lang, ['is', 'en']),
          ...chosen('theme', query?.theme, ['system', 'light', 'dark']),
        ],
      }),
  }
}

/** A switch that was used is remembered for a year. */
function chosen(name: string, value: string | undefined, known: readonly string[]): Cookie[] {
  return value !== undefined && known.includes(value) ? [{ name, value, maxAgeSeconds: 31_536_000 }] : []
}

/**
 * A path of our own, or null. `//host`, `/\host` and everything with a scheme would lead elsewhere (CWE-601); so would what a
 * browser strips before it looks (tabs and line breaks).
 */
export function ownPath(value: string | undefined): string | null {
  if (value === undefined || value.length > 1000 || !/^\/(?![/\\])[\u0021-\u005b\u005d-\u007e]*$/.test(value))
    return null
  return value
}

/** A refusal as a page. Who is not signed in is asked to do so, and comes back to their account. */
export function faultPage(
  pages: Pages,
  fault: Fault,
  asked: Asked & { readonly correlation: string },
): Answer<undefined> {
  if (fault.status === 401) return redirect('/sign-in?return=%2Faccount')
  const chrome = pages.chrome(asked, '/account')
  const kind = kinds[fault.status] ?? 'bug'
  const stale = fault.code === 'kernel.csrf.stale' || [400, 410, 413, 415].includes(fault.status)
  const text = stale
    ? errorPage(chrome, { kind: 'expired', homeHref: '/' })
    : problemPage(chrome, {
        kind,
        homeHref: '/',
        ...(kind === 'bug' ? { reference: asked.correlation } : {}),
      })
  return pages.show(asked, text, { status: fault.status })
}

const kinds: Readonly<Record<number, 'forbidden' | 'notFound' | 'unavailable'>> = {
  403: 'forbidden',
  404: 'notFound',
  405: 'notFound',
  414: 'notFound',
  429: 'unavailable',
  503: 'unavailable',
}

/** Too late, used before, or begun in another browser: it can only be begun again. */
export function expired(pages: Pages, asked: Asked): Answer<undefined> {
  const text = errorPage(pages.chrome(asked, '/sign-in'), { kind: 'expired', againHref: '/', homeHref: '/' })
  return pages.show(asked, text, { status: 410 })
}

/** The same page as a GET with its query: for the switches. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries).toString()}`
}

/** "Firefox, Linux": enough for its owner to know it again, and not more. */
export function deviceOf(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, 500)
  const browser = browsers.find(([, mark]) => mark.test(text))?.[0]
  const system = systems.find(([, mark]) => mark.test(text))?.[0]
  return [browser, system].filter((part) => part !== undefined).join(', ') || '?'
}

const browsers: readonly (readonly [string, RegExp])[] = [
  ['Edge', /Edg\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Opera', /OPR\//],
  ['Firefox', /Firefox\/|FxiOS\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Safari', /Safari\//],
]
const systems: readonly (readonly [string, RegExp])[] = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
]
