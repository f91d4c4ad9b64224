import { document } from '@althing/web-ui/document.ts'
import { button, form } from '@althing/web-ui/forms.ts'
import { html, type Html } from '@althing/web-ui/html.ts'
import { notice } from '@althing/web-ui/parts.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { spokenScopes } from '@althing/web-ui/scopes.ts'
import { besideServers, serverLists } from '@althing/web-ui/servers.ts'
import type { ConsentData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** Another application asks for something: who, for what, and where the person goes next. The answer is `decision`. */
export const consentPage: SigninPage<ConsentData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const {
    client,
    person,
    scopes,
    servers = [],
    ownPages = [],
    kept = [],
    details = [],
    scopeTexts = {},
    nationalIdPurpose: purpose,
    switchHref,
    action,
    csrf,
    hidden = {},
  } = data
  const inWords = (scope: string) => scopeTexts[scope] ?? scopeText(locale, scope)
  return document(chrome, {
    title: t('consent.title', { client: client.name }),
    width: 'narrow',
    main: html`<div class="stack-tight">
        ${client.logoHref !== undefined && html`<img class="client-logo" src="${client.logoHref}" alt="" width="64" height="64" />`}
        <h1>${t('consent.title', { client: client.name })}</h1>
        <p class="soft">
          ${t('consent.as', { name: person })}
          ${switchHref && html`<a href="${switchHref}">${t('consent.switch')}</a>`}
        </p>
      </div>
      ${client.stranger && stranger(locale, client.stranger)}
      <div class="card">
        <div class="stack">
          <h2 class="h3">${t('consent.list', { client: client.name })}</h2>
          <ul class="bullets">
            ${besideServers(scopes, servers, spoken).map((scope) => asked(locale, inWords(scope), scope === 'national_id' ? purpose : undefined))}
          </ul>
          ${serverLists(servers, (name) => t('consent.server', { name }), inWords)}
          ${details.map((detail) => inDetail(locale, detail))}
          ${
            kept.length > 0 &&
            html`<p class="soft small">${t('consent.kept', { what: kept.map(inWords).join(', ') })}</p>`
          }
        </div>
        ${form(
          { action, csrf, hidden, id: 'consent' },
          html`<div class="stack">
            ${button(t('consent.allow'), { name: 'decision', value: 'allow', wide: true })}
            ${button(t('consent.deny'), { name: 'decision', value: 'deny', kind: 'secondary', wide: true })}
          </div>`,
        )}
      </div>
      ${ownPages.length > 0 && outside(locale, ownPages)}
      <p class="soft small">
        ${client.host !== undefined && t('consent.home', { host: client.host })} ${t('consent.change')}
      </p>`,
  })
}

/** Whoever asks for a kennitala says what for. */
function asked(locale: Locale, words: string, purpose: ConsentData['nationalIdPurpose']): Html {
  if (purpose === undefined) return html`<li>${words}</li>`
  return html`<li>
    ${words}
    <p class="soft">${signinTexts(locale)('consent.purpose', { purpose: purpose[locale] })}</p>
  </li>`
}

/** Each names its host: nothing there is ours, and nobody here has read it. */
function outside(locale: Locale, pages: NonNullable<ConsentData['ownPages']>): Html {
  const t = signinTexts(locale)
  return html`<div class="small">
    <p class="soft">${t('consent.outside')}</p>
    <ul class="bullets">
      ${pages.map(
        ({ kind, href, host }) =>
          html`<li>
            <a href="${href}" rel="external noopener noreferrer nofollow"
              >${t(`consent.outside.${kind}`, { host })}</a
            >
          </li>`,
      )}
    </ul>
  </div>`
}

/** Whoever is asked has to know what nobody else here does. */
function stranger(locale: Locale, by: NonNullable<ConsentData['client']['stranger']>): Html {
  const t = signinTexts(locale)
  return notice(
    locale,
    'wait',
    by.by === 'document' ? t('consent.stranger.document', { host: by.host }) : t('consent.stranger.itself'),
  )
}

/** RFC 9396: a kind of thing, and what the application says of it, in its own words. */
function inDetail(locale: Locale, { type, members }: NonNullable<ConsentData['details']>[number]): Html {
  return html`<h3 class="h4">${signinTexts(locale)('consent.detail', { type })}</h3>
    <dl class="facts">
      ${members.map(
        ({ name, value }) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`
}

const spoken = [...spokenScopes, 'address'] as const

function scopeText(locale: Locale, scope: string): string {
  const t = signinTexts(locale)
  const known = spoken.find((name) => name === scope)
  return known === undefined ? t('consent.scope.other', { scope }) : t(`consent.scope.${known}`)
}
