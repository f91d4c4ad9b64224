import { document } from '@althing/web-ui/document.ts'
import { button, form, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { besideServers, serverLists, type AskedServer } from '@althing/web-ui/servers.ts'
import { exactly, facts, notice, when } from '@althing/web-ui/parts.ts'
import { spokenScopes } from '@althing/web-ui/scopes.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage } from './pages.ts'

export interface RequestsData {
  readonly now: Date
  readonly waiting: readonly {
    readonly href: string
    readonly client: string
    readonly askedAt: Date
    readonly expiresAt: Date
  }[]
  readonly backHref: string
  readonly done?: 'allowed' | 'refused' | 'gone'
}

/** What applications ask this person for while they are elsewhere. */
export const requestsPage: AccountPage<RequestsData> = (chrome, { now, waiting, backHref, done }) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const rows = waiting.map(
    ({ href, client, askedAt }) =>
      html`<li>
        <div class="rows-main">
          <p><strong>${client}</strong></p>
          <p class="soft small">${t('requests.asked')}: ${when(askedAt, { locale, now })}</p>
        </div>
        ${linkButton(html`${t('requests.look')}<span class="visually-hidden"> (${client})</span>`, href)}
      </li>`,
  )
  return document(chrome, {
    title: t('requests.title'),
    main: html`<p><a href="${backHref}">${t('security.back')}</a></p>
      <h1 id="requests-title">${t('requests.title')}</h1>
      ${done && notice(locale, done === 'gone' ? 'stop' : 'go', t(`requests.done.${done}`))}
      <p class="soft">${t('requests.text')}</p>
      ${
        waiting.length === 0
          ? html`<p>${t('requests.none')}</p>`
          : html`<ul class="rows" aria-labelledby="requests-title">
              ${rows}
            </ul>`
      }`,
  })
}

export interface RequestData {
  readonly now: Date
  readonly client: string
  /** As the application wrote it; it shows the same words where the person is. */
  readonly message?: string
  /** From where the application asked. */
  readonly network: string
  readonly askedAt: Date
  readonly expiresAt: Date
  readonly scopes: readonly string[]
  /** Where its token is for; some of these scopes are theirs. */
  readonly servers?: readonly AskedServer[]
  readonly kept: readonly string[]
  /** What the application says that it needs the kennitala for, when it asks for it. */
  readonly nationalIdPurpose?: Readonly<Record<Locale, string>>
  readonly details: readonly {
    readonly type: string
    readonly members: readonly { readonly name: string; readonly value: string }[]
  }[]
  /** POST with `decision` and `shown`. */
  readonly action: string
  readonly csrf: string
  /** Whether this sign-in is as strong as the application asks for. */
  readonly isStrong: boolean
  readonly proveHref: string
  readonly securityHref: string
  readonly backHref: string
}

/** One of them: who asks, for what, from where, and the answer. Whoever did not expect it is told to refuse. */
export const requestPage: AccountPage<RequestData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { client, backHref, isStrong } = data
  return document(chrome, {
    title: t('requests.one.title', { client }),
    width: 'narrow',
    main: html`<p><a href="${backHref}">${t('requests.back')}</a></p>
      <h1>${t('requests.one.title', { client })}</h1>
      ${data.message !== undefined && spoken(locale, data.message)} ${whatFor(locale, data)}
      ${notice(locale, 'wait', t('requests.warning', { client }))} ${!isStrong && weak(locale, data)}
      ${answer(locale, data)}`,
  })
}

const spoken = (locale: Locale, message: string): Html =>
  html`<p>${accountTexts(locale)('requests.message')}</p>
    <p class="h3"><code>${message}</code></p>`

function inWords(locale: Locale, scope: string): string {
  const t = accountTexts(locale)
  const one = spokenScopes.find((name) => name === scope)
  return one === undefined ? t('requests.scope.other', { scope }) : t(`connected.scope.${one}`)
}

function whatFor(
  locale: Locale,
  {
    now,
    scopes,
    servers = [],
    kept,
    nationalIdPurpose: purpose,
    details,
    network,
    askedAt,
    expiresAt,
  }: RequestData,
): Html {
  const t = accountTexts(locale)
  return html`<div class="card stack">
    <h2 class="h3">${t('requests.told')}</h2>
    <ul class="bullets">
      ${besideServers(scopes, servers, spokenScopes).map((scope) => html`<li>${inWords(locale, scope)}</li>`)}
    </ul>
    ${purpose !== undefined && html`<p class="soft">${t('requests.purpose', { purpose: purpose[locale] })}</p>`}
    ${kept.length > 0 && html`<p class="soft small">${t('requests.kept', { what: kept.map((scope) => inWords(locale, scope)).join(', ') })}</p>`}
    ${serverLists(
      servers,
      (name) => t('requests.server', { name }),
      (scope) => inWords(locale, scope),
    )}
    ${details.map(
      ({ type, members }) =>
        html`<h3 class="h4">${t('requests.detail', { type })}</h3>
          ${facts(members.map(({ name, value }) => [name, value] as const))}`,
    )}
    ${facts([
      [t('requests.asked'), when(askedAt, { locale, now })],
      [t('requests.until'), exactly(expiresAt, { locale }, 'dateTime')],
      [t('requests.from'), network],
    ])}
  </div>`
}

function weak(locale: Locale, { proveHref, securityHref }: RequestData): Html {
  const t = accountTexts(locale)
  return html`${notice(locale, 'wait', t('requests.weak'))}
    <p>${linkButton(t('requests.prove'), proveHref)}</p>
    <p><a href="${securityHref}">${t('requests.ways')}</a></p>`
}

function answer(locale: Locale, { action, csrf, scopes, isStrong }: RequestData): Html {
  const t = accountTexts(locale)
  const refuse = button(t('requests.refuse'), {
    name: 'decision',
    value: 'refuse',
    kind: 'secondary',
    wide: true,
  })
  const allow = isStrong && button(t('requests.allow'), { name: 'decision', value: 'allow', wide: true })
  return form(
    { action, csrf, hidden: { shown: scopes.join(' ') }, id: 'request' },
    html`<div class="stack">${allow} ${refuse}</div>`,
  )
}
