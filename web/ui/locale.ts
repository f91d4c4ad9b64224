/** Which language and which colours a page is written in. Both are kept in cookies, both work without script. */
export const locales = ['is', 'en'] as const
export type Locale = (typeof locales)[number]

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export interface Preferences {
  readonly locale: Locale
  readonly theme: Theme
}

export interface PreferenceSource {
  /** `?lang=` and `?theme=` of a page: how the switches work without script. */
  readonly query?: { readonly lang?: unknown; readonly theme?: unknown } | undefined
  readonly cookies?: { readonly lang?: string | undefined; readonly theme?: string | undefined } | undefined
  /** What the application that sent the person here speaks with them. */
  readonly application?: string | undefined
  readonly acceptLanguage?: string | undefined
}

/**
 * The switch just used, else what was chosen before, else what the application speaks from which somebody comes, else what the browser
 * asks for, else Icelandic.
 */
export function preferences({ query, cookies, application, acceptLanguage }: PreferenceSource): Preferences {
  return {
    locale:
      known(locales, query?.lang) ?? negotiateLocale({ cookie: cookies?.lang, application, acceptLanguage }),
    theme: known(themes, query?.theme) ?? known(themes, cookies?.theme) ?? 'system',
  }
}

export function negotiateLocale(from: {
  cookie?: string | undefined
  application?: string | undefined
  acceptLanguage?: string | undefined
}): Locale {
  return (
    known(locales, from.cookie) ??
    known(locales, from.application) ??
    accepted(from.acceptLanguage ?? '') ??
    'is'
  )
}

/** The first of these tags (BCP 47) that is a language of ours: `ui_locales` has the best one first. A long list is cut, not refused. */
export function firstKnown(tags: string): Locale | undefined {
  const languages = tags.slice(0, 500).toLowerCase().split(' ')
  return languages.map((tag) => known(locales, tag.split('-')[0])).find((locale) => locale !== undefined)
}

function known<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((candidate) => candidate === value)
}

/** The best of an Accept-Language header; `*` asks for nothing in particular. Long headers are cut, not refused. */
function accepted(header: string): Locale | undefined {
  const wishes = header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((p) => /^\s*q=([\d.]+)/.exec(p)?.[1]).find((q) => q !== undefined)
      return { locale: known(locales, range.split('-')[0]), quality: Number(quality ?? 1) }
    })
    .filter(({ locale, quality }) => locale !== undefined && quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return wishes[0]?.locale
}
