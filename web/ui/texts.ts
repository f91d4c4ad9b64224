import { parse } from '@formatjs/icu-messageformat-parser'
import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { IntlMessageFormat } from 'intl-messageformat'
import type { Formatters } from 'intl-messageformat'
import { locales } from './locale.ts'
import type { Locale } from './locale.ts'

/**
 * Texts are ICU messages in texts/{is,en}.json. For browsers the build compiles them to syntax trees, so no parser
 * is shipped; a server parses them once, when it starts, and a broken message stops it there.
 */
export type Message = string | MessageFormatElement[]
export type Value = string | number | boolean
export type Values = Readonly<Record<string, Value>>
/** Tags do not nest, so what is inside one is words. */
export type RichValues<T> = Readonly<Record<string, Value | ((words: readonly string[]) => T)>>

export interface Translate<Key extends string = string> {
  (key: Key, values?: Values): string
  /** For texts with tags: `t.rich('more', { link: (chunks) => html`<a href="/x">${chunks}</a>` })`; same for Preact. */
  rich<T>(key: Key, values: RichValues<T>): readonly (string | T)[]
  readonly locale: Locale
}

export interface Texts<Key extends string> {
  (locale: Locale): Translate<Key>
  readonly keys: readonly Key[]
}

/** A key missing in either language is a type error; the same variables in both are checked by texts.test.ts. */
export function defineTexts<Key extends string>(catalogues: {
  readonly is: Readonly<Record<Key, Message>>
  readonly en: Readonly<Record<NoInfer<Key>, Message>>
}): Texts<Key> {
  const translators = new Map(
    locales.map((locale) => [locale, createTranslate(locale, compiled(locale, catalogues[locale]))]),
  )
  const choose = (locale: Locale) => translators.get(locale) as Translate<Key>
  return Object.assign(choose, { keys: Object.keys(catalogues.is) as Key[] })
}

/** British conventions for English, since dates and times follow the 24-hour clock. */
export function intlLocale(locale: Locale): string {
  return locale === 'en' ? 'en-GB' : 'is'
}

/**
 * Chromium knows the plurals of Icelandic but not its numbers: it would write 12,345.6. German writes them as
 * Icelandic does and every browser knows it, so that server and browser write the same.
 */
export function numberLocale(locale: Locale): string {
  return locale === 'en' ? 'en-GB' : 'de'
}

function createTranslate<Key extends string>(
  locale: Locale,
  messages: ReadonlyMap<string, MessageFormatElement[]>,
): Translate<Key> {
  const formatters = new Map<string, IntlMessageFormat>()
  const formatter = (key: string) => {
    const ready = formatters.get(key)
    if (ready !== undefined) return ready
    const message = messages.get(key)
    if (message === undefined) throw new Error(`There is no text ${key} in ${locale}.`)
    const made = new IntlMessageFormat(message, intlLocale(locale), undefined, { formatters: shared[locale] })
    formatters.set(key, made)
    return made
  }
  const translate = (key: Key, values?: Values) => String(formatter(key).format(values))
  const rich = <T>(key: Key, values: RichValues<T>) => asArray<T>(formatter(key).format<T>(values as never))
  return Object.assign(translate, { rich, locale })
}

const shared = { is: formattersOf('is'), en: formattersOf('en') }

/** Dates come into texts already written, by format.ts: here they would differ between server and browser. */
function formattersOf(locale: Locale): Formatters {
  const plurals = new Map<string, Intl.PluralRules>()
  return {
    getNumberFormat: (_, options) =>
      new Intl.NumberFormat(numberLocale(locale), options as Intl.NumberFormatOptions),
    getDateTimeFormat: () => {
      throw new Error('A date in a text is written by createFormats(), and given as a string.')
    },
    getPluralRules: (_, options = {}) => {
      const kind = options.type ?? 'cardinal'
      const rules = plurals.get(kind) ?? new Intl.PluralRules(intlLocale(locale), { type: kind })
      plurals.set(kind, rules)
      return rules
    },
  }
}

function compiled(locale: Locale, catalogue: Readonly<Record<string, Message>>) {
  return new Map(Object.entries(catalogue).map(([key, message]) => [key, compile(locale, key, message)]))
}

function compile(locale: Locale, key: string, message: Message): MessageFormatElement[] {
  if (typeof message !== 'string') return message
  try {
    return parse(message)
  } catch (cause) {
    throw new Error(`The text ${key} in ${locale} is not a valid message.`, { cause })
  }
}

function asArray<T>(result: string | T | (string | T)[]): readonly (string | T)[] {
  return Array.isArray(result) ? result : [result]
}
