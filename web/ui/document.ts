import type { Asset } from './assets.ts'
import { attributes, html, raw } from './html.ts'
import type { Content, Html } from './html.ts'
import { locales } from './locale.ts'
import type { Locale, Theme } from './locale.ts'
import { uiTexts } from './ui-texts.ts'

export interface Organisation {
  readonly name: string
  /** Address of the organisation's mark, on our own origin. Ours stands in when there is none. */
  readonly mark?: string | undefined
  /** Where the name leads. */
  readonly home: string
  /** Whom to ask: an address or telephone number, shown at the foot of every page in the same place. */
  readonly contact?: { readonly label: string; readonly href: string } | undefined
}

interface SignedIn {
  readonly name: string
  readonly href?: string
  readonly signOutHref?: string
  /** Requests of applications, and where they are answered: said on every page until they are. */
  readonly waiting?: { readonly count: number; readonly href: string }
}

/** In the header of every page of somebody who is signed in: their name leads to their account, and the way out stands beside it. */
export const signedIn = (name: string, waiting = 0): SignedIn => ({
  name,
  href: '/account',
  signOutHref: '/sign-out',
  ...(waiting === 0 ? {} : { waiting: { count: waiting, href: '/account/requests' } }),
})

/** What surrounds every page and is the same for all of them. */
export interface Chrome {
  readonly locale: Locale
  readonly theme: Theme
  /** Path and query of this page as a GET; the switches of language and colours lead back to it. */
  readonly path: string
  /**
   * Where a form that is under way is sent to by the switches, so that what was written comes along; `itself` asks for the same step once
   * more by the form itself. They are links without it.
   */
  readonly switchAction?: string
  readonly organisation: Organisation
  readonly assets: Assets
  /** Who is signed in; with `href` the name leads to their own page, with `signOutHref` the way out stands beside it. */
  readonly person?: SignedIn | undefined
  readonly links?: readonly { readonly label: string; readonly href: string; readonly current?: boolean }[]
}

/** Looks up a built file by its name: `app/name`. */
export interface Assets {
  find(name: string): Asset
}

export interface Page {
  readonly title: string
  /** `narrow` for one thing per page, `reading` for prose and forms, `wide` for tables and consoles. */
  readonly width?: 'narrow' | 'reading' | 'wide'
  /** Applications whose script and style belong on this page, such as `signin`. */
  readonly scripts?: readonly string[]
  readonly styles?: readonly string[]
  readonly main: Content
  /** Something went wrong: said first in the title, where a screen reader hears it first. */
  readonly failed?: boolean
  /** The form that somebody writes on here: what they wrote goes along when they change the language. */
  readonly writes?: string
  /** It shows what is shown once: no switch leads away from it and back to a page without. */
  readonly once?: boolean
}

/** A whole page. No inline script, no inline style, nothing from another origin. */
export function document(chrome: Chrome, page: Page): string {
  const { locale, theme, organisation } = chrome
  const t = uiTexts(locale)
  const title = `${page.failed ? `${t('title.failed')}: ` : ''}${page.title} · ${organisation.name}`
  return html`<!doctype html>
<html${attributes({ lang: locale, 'data-theme': theme === 'system' ? null : theme })}>
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === 'system' ? 'light dark' : theme}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
${headAssets(chrome.assets, page)}
</head>
<body>
<a class="skip" href="#main">${t('skip')}</a>
${header(chrome)}
<main id="main" tabindex="-1" class="main main-${page.width ?? 'reading'}">
${page.main}
</main>
${footer(chrome, page)}
</body>
</html>
`.toString()
}

function headAssets(assets: Assets, page: Page): Html {
  const font = assets.find('ui/source-sans-3-latin-wght-normal.woff2')
  const styles = ['ui/ui.css', ...(page.styles ?? [])].map((name) => assets.find(name))
  const scripts = (page.scripts ?? []).map((name) => assets.find(name))
  return html`<link${attributes({ rel: 'preload', href: font.path, as: 'font', type: 'font/woff2', crossorigin: '' })}>
    ${styles.map(({ path, integrity }) => html`<link${attributes({ rel: 'stylesheet', href: path, integrity })}>`)}
    <link${attributes({ rel: 'icon', href: assets.find('ui/mark.svg').path, type: 'image/svg+xml' })}>
      ${scripts.map(({ path, integrity }) => html`<script${attributes({ type: 'module', src: path, integrity })}></script>`)}
   `
}

function header({ organisation, person, links = [], locale }: Chrome): Html {
  const t = uiTexts(locale)
  const mark = organisation.mark
    ? html`<img${attributes({ src: organisation.mark, alt: '', class: 'mark', width: 32, height: 32 })}>`
    : ownMark
  return html`<header class="header"><div class="header-row">
<a${attributes({ class: 'brand', href: organisation.home })}>${mark}<span>${organisation.name}</span></a>
${
  links.length > 0 &&
  html`<nav${attributes({ 'aria-label': t('nav') })}><ul class="nav">${links.map(
    ({ label, href, current }) =>
      html`<li><a${attributes({ href, 'aria-current': current ? 'page' : null })}>${label}</a></li>`,
  )}</ul></nav>`
}
${person && who(locale, person)}
</div></header>`
}

function who(locale: Locale, { name, href, signOutHref, waiting }: SignedIn): Html {
  const t = uiTexts(locale)
  return html`<div class="who">
    ${
      waiting &&
      html`<a${attributes({ class: 'pill tone-wait', href: waiting.href })}>${t('waiting', { count: waiting.count })}</a>`
    }
    <p>
      <span class="visually-hidden">${t('signedInAs')} </span>${
        href === undefined ? name : html`<a${attributes({ href })}>${name}</a>`
      }
    </p>
    ${signOutHref && html`<a${attributes({ href: signOutHref })}>${t('signOut')}</a>`}
  </div>`
}

/** Three pillars on a plinth: a house that stands. Drawn in the colour of the text around it. */
const ownMark = raw(
  '<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">' +
    '<path fill="currentColor" d="M16 3 3 11v2h26v-2zM6 15h4v9H6zm8 0h4v9h-4zm8 0h4v9h-4zM3 26h26v3H3z"/></svg>',
)

function footer(chrome: Chrome, { once, writes }: Page): Html {
  const { locale, organisation } = chrome
  const t = uiTexts(locale)
  return html`<footer class="footer">
    <div class="footer-row">
      ${once === true ? null : switches(chrome, writes)}
      ${
        organisation.contact &&
        html`<p class="contact">${t('help')} <a${attributes({ href: organisation.contact.href })}>${organisation.contact.label}</a></p>`
      }
    </div>
  </footer>`
}

/** Below a form that is under way each switch is a button of that form: what was written is sent along, and comes back. */
function switches({ locale, theme, path, switchAction }: Chrome, writes: string | undefined): Html {
  const t = uiTexts(locale)
  const way = (href: string, words: string, more: Record<string, string> = {}) =>
    writes === undefined || switchAction === undefined
      ? html`<a${attributes({ href, rel: 'nofollow', ...more })}>${words}</a>`
      : html`<button${attributes({ type: 'submit', form: writes, formaction: switchAction === 'itself' ? href : switchAction, formmethod: 'post', formnovalidate: true, name: 'to', value: href, ...more })}>${words}</button>`
  return html`<nav${attributes({ 'aria-label': t('language') })}><ul class="switch">${locales.map((other) =>
    other === locale
      ? html`<li><span aria-current="true">${languageNames[other]}</span></li>`
      : html`<li>
          ${way(withQuery(path, 'lang', other), languageNames[other], { lang: other, ...(writes === undefined && { hreflang: other }) })}
        </li>`,
  )}</ul></nav>
<nav${attributes({ 'aria-label': t('theme') })}><ul class="switch">${(
    ['system', 'light', 'dark'] as const
  ).map((other) =>
    other === theme
      ? html`<li><span aria-current="true">${t(`theme.${other}`)}</span></li>`
      : html`<li>${way(withQuery(path, 'theme', other), t(`theme.${other}`))}</li>`,
  )}</ul></nav>`
}

const languageNames: Readonly<Record<Locale, string>> = { is: 'Íslenska', en: 'English' }

/** The same address with one part of its query changed. Two slashes at its start would name another site. */
function withQuery(path: string, name: string, value: string): string {
  const url = new URL(path.replace(/^[/\\]+/, '/'), 'http://own.invalid')
  url.searchParams.set(name, value)
  return `${url.pathname.replace(/^\/+/, '/')}${url.search}`
}
