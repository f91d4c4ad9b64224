/** What all pages of identity have in common: language and colours, the frame around them, and where they may lead. */
import type { Fault } from '@althing/kernel/errors'
import { contentPolicy, html, redirect, type Answer, type Cookie } from '@althing/kernel/http'
import { problemPage } from '@althing/web-account/problem.ts'
import { errorPage, type ErrorData } from '@althing/web-signin/error.ts'

import { builtOrUnbuilt } from '@althing/web-ui/assets.ts'
import { signedIn, type Chrome } from '@althing/web-ui/document.ts'
import { firstKnown, preferences, type Locale } from '@althing/web-ui/locale.ts'
import { z } from 'zod'
import { pageOf } from './form-places.ts'
import type { Reader, Said, SaidBox } from './said.ts'

/** The switches of language and colours, on every page that is asked for by GET. */
export const Switches = {
  lang: z.string().max(10).optional(),
  theme: z.string().max(10).optional(),
  said: z.string().max(8000).optional(),
}

/** Where the switches below a form lead, so that what was written goes along. */
export const switchPath = '/sign-in/language'

/** What of a request a page depends on. */
export interface Asked {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly query?:
    | {
        readonly lang?: string | undefined
        readonly theme?: string | undefined
        readonly said?: string | undefined
      }
    | undefined
  /** On public pages only where somebody is signed in. */
  readonly caller?: { readonly subject: string } | undefined
}
type Formed = Asked & { readonly csrf: string }
type Teller = Pick<Formed, 'csrf' | 'caller'>

type AskedBy = Asked & { readonly caller: { readonly subject: string } }

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
  chrome(asked: Asked, path: string): Chrome
  /** Around a page of somebody's own: the way to their account, the way out, and what waits for them. */
  own(asked: AskedBy, path: string, person: { readonly name: string }): Promise<Chrome>
  locale(asked: Asked): Locale
  /** The address of this page that says again what it says now, for its switches. */
  saying(asked: Formed, path: string, said: Said): string
  /**
   * Leads to a page that says once what was done, or why it was not. The word is sealed, and no part of the address: whoever sends a link
   * has nobody believe that their password was changed.
   */
  tell(asked: Teller, to: string, what: Pick<Said, 'done' | 'problem'>): Answer<undefined>
  /** What a page was told to say; else what it said and had written on it before its language was changed. */
  said<Problem, Done = string>(asked: Formed, pathname: string): Said<Problem, Done>
  /** The page that somebody was on, with what they wrote there. */
  along(asked: Formed, to: string, values: Readonly<Record<string, string>>): string
  show(asked: Asked, text: string, options?: ShowOptions): Answer<undefined>
}

export function createPages({
  organisation,
  contact,
  dist,
  waitingOf,
  said,
}: {
  readonly organisation: string
  /** An address or a page; at the foot of every page, for who cannot get in. */
  readonly contact?: string | undefined
  readonly dist: URL
  /** How many applications wait for an answer of this person. */
  readonly waitingOf: (account: string) => Promise<number>
  readonly said: SaidBox
}): Pages {
  const assets = builtOrUnbuilt(dist)
  const wished = ({ headers, cookies, query }: Asked) =>
    preferences({
      query,
      cookies,
      application: cookies[applicationLanguage],
      acceptLanguage: headers['accept-language'],
    })
  const chrome: Pages['chrome'] = (asked, path) => ({
    ...wished(asked),
    path,
    organisation: { name: organisation, home: '/', contact: linkTo(contact) },
    assets,
    switchAction: switchPath,
  })
  return {
    ...createSaying(said),
    locale: (asked) => wished(asked).locale,
    chrome,
    own: async (asked, path, { name }) => ({
      ...chrome(asked, path),
      person: signedIn(name, await waitingOf(asked.caller.subject)),
    }),
    show: (
      { query, cookies: had },
      text,
      { formAction = [], widgets = [], headers = {}, cookies = [], ...more } = {},
    ) =>
      html(text, {
        ...more,
        headers: {
          ...headers,
          ...(formAction.length + widgets.length === 0
            ? {}
            : { 'content-security-policy': contentPolicy({ formAction, widgets }) }),
        },
        cookies: [...cookies, ...chosenIn(query), ...(toldCookie in had ? [toldOf('', 0)] : [])],
      }),
  }
}

/** Whoever goes elsewhere meanwhile does not hear of it: the next page that is shown takes it away. */
const toldCookie = 'althing_told'
const toldOf = (value: string, maxAgeSeconds: number): Cookie => ({ name: toldCookie, value, maxAgeSeconds })

/** Who is signed in, on a page that is for everybody. */
export const callerOf = ({ caller }: Pick<Asked, 'caller'>): string | undefined => caller?.subject

/**
 * For whom a word is: for this browser, and on a page about oneself for whoever is signed in, so that the next one there finds nothing of
 * theirs in the history. At the door it is for the browser alone: who is signed in changes there, and with a new password every session ends.
 */
const readerOf = ({ csrf, caller }: Teller, pathname: string): Reader =>
  /^\/account(\/|$)/.test(pathname) ? { csrf, account: caller?.subject } : { csrf }

function createSaying(box: SaidBox): Pick<Pages, 'saying' | 'tell' | 'said' | 'along'> {
  const saying: Pages['saying'] = (asked, path, what) => {
    const { pathname, searchParams } = new URL(path, 'http://page')
    const said = box.seal(pathname, readerOf(asked, pathname), what)
    return withQuery(pathname, { ...Object.fromEntries(searchParams), said })
  }
  return {
    saying,
    tell(asked, to, what) {
      const { pathname } = new URL(to, 'http://page')
      const note = box.seal(pathname, readerOf(asked, pathname), what) ?? ''
      return redirect(to, { cookies: [toldOf(note, 60)] })
    },
    said<Problem, Done>(asked: Formed, pathname: string) {
      const reader = readerOf(asked, pathname)
      const told = box.open(pathname, reader, asked.cookies[toldCookie])
      const said =
        (told.problem ?? told.done) === undefined ? box.open(pathname, reader, asked.query?.said) : told
      return said as Said<Problem, Done>
    },
    along(asked, to, values) {
      const { pathname, searchParams } = new URL(ownPath(to, 9000) ?? '/sign-in', 'http://page')
      const { problem, done } = box.open(
        pathname,
        readerOf(asked, pathname),
        searchParams.get('said') ?? undefined,
      )
      searchParams.delete('said')
      return saying(asked, `${pathname}?${searchParams.toString()}`, { problem, done, values })
    },
  }
}

const linkTo = (contact: string | undefined) =>
  contact === undefined
    ? undefined
    : { label: contact, href: contact.startsWith('https:') ? contact : `mailto:${contact}` }

/**
 * The language of the application from which somebody comes (`ui_locales`), kept for that one question. What the person has chosen with the
 * switch, whenever that was, goes before it: they have said it here and for themselves, while an application says what it is written
 * in, or what another person on that computer reads. Before what the browser asks for it goes: nobody chose that for this.
 */
export const applicationLanguage = 'lang_of_application'
export const languageOf = (tags: unknown): Locale | undefined =>
  typeof tags === 'string' ? firstKnown(tags) : undefined

/** A switch that was used is remembered for a year. */
export const chosenIn = (query: Asked['query']): Cookie[] => [
  ...chosen('lang', query?.lang, ['is', 'en']),
  ...chosen('theme', query?.theme, ['system', 'light', 'dark']),
]

function chosen(name: string, value: string | undefined, known: readonly string[]): Cookie[] {
  return value !== undefined && known.includes(value) ? [{ name, value, maxAgeSeconds: 31_536_000 }] : []
}

/**
 * A path of our own, or null. `//host`, `/\host` and everything with a scheme would lead elsewhere (CWE-601); so would what a
 * browser strips before it looks (tabs and line breaks).
 */
export function ownPath(value: string | undefined, most = 1000): string | null {
  if (value === undefined || value.length > most || !/^\/(?![/\\])[\u0021-\u005b\u005d-\u007e]*$/.test(value))
    return null
  // With dots at its beginning it is not what it looks like.
  return new URL(value, 'http://page').pathname.startsWith('//') ? null : value
}

/**
 * A refusal as a page, which says what is true of it. Who is not signed in any more is asked to sign in, and comes back to the page on
 * which they were; a form that was sent by then is there again to be filled in.
 */
export function faultPage(
  pages: Pages,
  fault: Fault,
  asked: Asked & { readonly correlation: string; readonly url: string },
): Answer<undefined> {
  if (fault.status === 401) return redirect(withQuery('/sign-in', { return: pageOf(asked.url) }))
  // Somebody has loaded the answer to a form again, or typed its address: the page on which it stands is what they look for.
  if (fault.status === 405) return redirect(pageOf(asked.url))
  const chrome = pages.chrome(asked, '/account')
  const kind = kinds[fault.status] ?? 'bug'
  const error = errorOf(fault, asked.url)
  const text =
    error === null
      ? problemPage(chrome, {
          kind,
          homeHref: '/',
          ...(kind === 'bug' ? { reference: asked.correlation } : {}),
        })
      : errorPage(chrome, { ...error, homeHref: '/' })
  return pages.show(asked, text, { status: fault.status })
}

/** Of what was sent: a form of a page that was open for too long, one that did not arrive whole, or an address that is none of ours. */
function errorOf({ code, status, fields }: Fault, url: string): ErrorData | null {
  if (status === 410) return { kind: 'used' }
  if (code !== 'kernel.csrf.stale' && ![400, 413, 415].includes(status)) return null
  // What a feature refuses so was begun elsewhere, or too long ago: what was sent can be read.
  if (!code.startsWith('kernel.http.')) return { kind: 'expired', againHref: pageOf(url) }
  const names = fields.map(({ pointer }) => pointer.split('/')[1] ?? '')
  if (status === 400 && names.every((name) => ['query', 'path'].includes(name))) return { kind: 'address' }
  return { kind: 'malformed', fields: [...new Set(names)], againHref: pageOf(url) }
}

const kinds: Readonly<Record<number, 'forbidden' | 'notFound' | 'unavailable'>> = {
  403: 'forbidden',
  404: 'notFound',
  414: 'notFound',
  429: 'unavailable',
  503: 'unavailable',
}

/** Too late, or begun in another browser: it can only be begun again. */
export function expired(pages: Pages, asked: Asked): Answer<undefined> {
  const text = errorPage(pages.chrome(asked, '/sign-in'), { kind: 'expired', againHref: '/', homeHref: '/' })
  return pages.show(asked, text, { status: 410 })
}

/** A question of an application that is over: it went on there, and nothing has to be done here. */
export function answered(
  pages: Pages,
  asked: Asked,
  client: { readonly name: string; readonly href: string | undefined },
): Answer<undefined> {
  const text = errorPage(pages.chrome(asked, '/sign-in'), { kind: 'answered', client, homeHref: '/' })
  return pages.show(asked, text, { status: 410 })
}

/** A link that works once. What is said is the same of one that was used, is too old or never was: and where the next one comes from. */
export function used(
  pages: Pages,
  asked: Asked,
  againHref: string,
  kind: 'used' | 'activated' = 'used',
): Answer<undefined> {
  const text = errorPage(pages.chrome(asked, againHref), { kind, againHref, homeHref: '/' })
  return pages.show(asked, text, { status: 410 })
}

/** The same page as a GET with its query: for the switches. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries).toString()}`
}
