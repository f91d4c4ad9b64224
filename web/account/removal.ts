import { document } from '@althing/web-ui/document.ts'
import { button, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, Target } from './pages.ts'

/** What somebody still has when one thing is gone; `name` is what they call it themselves. */
export interface Remaining {
  readonly kind: 'password' | 'passkey' | 'linked' | 'link' | 'application' | 'sms' | 'mail'
  readonly name?: string
}

export interface RemovalData extends Target {
  readonly act: 'passkey' | 'linked' | 'sms' | 'mail'
  /** Of the passkey or the provider; where codes go. */
  readonly name: string
  /** What the form sends along, to say which one. */
  readonly hidden: Readonly<Record<string, string>>
  /** The ways in that are left, or the second steps. */
  readonly remaining: readonly Remaining[]
}

/** Before a way in, or a second step, is taken away: what happens then, and what is left. */
export const removalPage: AccountPage<RemovalData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { act, name, action, csrf, hidden, backHref } = data
  return document(chrome, {
    title: t(`removal.${act}.title`),
    width: 'narrow',
    main: html`<div class="stack-tight">
        <h1>${t(`removal.${act}.title`)}</h1>
        <p>${t(`removal.${act}.text`, { name })}</p>
        <p>${t('removal.sessions')}</p>
      </div>
      ${left(locale, data)}
      <div class="card">
        ${form({ action, csrf, hidden, id: 'removal' }, button(t(`removal.${act}.button`), { kind: 'danger', wide: true }))}
      </div>
      <ul class="links">
        <li><a href="${backHref}">${t('security.cancel')}</a></li>
      </ul>`,
  })
}

function left(locale: Locale, { act, remaining }: RemovalData): Html {
  const t = accountTexts(locale)
  const isWay = act === 'passkey' || act === 'linked'
  if (remaining.length === 0) return html`<p>${t(isWay ? 'removal.noWay' : 'removal.noStep')}</p>`
  return html`<div class="stack-tight">
    <h2 id="left">${t(isWay ? 'removal.ways' : 'removal.steps')}</h2>
    <ul aria-labelledby="left">
      ${remaining.map(({ kind, name }) => html`<li>${t(`removal.left.${kind}`)}${name !== undefined && html`: ${name}`}</li>`)}
    </ul>
  </div>`
}
