import { locales, themes } from '../locale.ts'
import type { Locale, Theme } from '../locale.ts'

/** For pages without a server of ours behind them: what a cookie is elsewhere is here the device's own storage. */
export function readLocale(): Locale {
  const wished = new URLSearchParams(location.search).get('lang') ?? stored('lang')
  const asked = navigator.languages.map((tag) => tag.slice(0, 2))
  return (
    [wished, ...asked]
      .map((tag) => locales.find((known) => known === tag))
      .find((found) => found !== undefined) ?? 'is'
  )
}

export function readTheme(): Theme {
  return themes.find((known) => known === stored('theme')) ?? 'system'
}

export function keepLocale(locale: Locale): void {
  store('lang', locale)
  document.documentElement.lang = locale
}

export function applyTheme(theme: Theme): void {
  store('theme', theme)
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

// A browser may refuse storage altogether; a preference is not worth a broken page.
function stored(name: string): string | null {
  try {
    return localStorage.getItem(`althing.${name}`)
  } catch {
    return null
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`althing.${name}`, value)
  } catch {
    // Kept for this page only.
  }
}
