import { document } from '@althing/web-ui/document.ts'
import { form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { ChooseData, Method, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** When there are more ways than fit on the first page: each with what it takes. */
export const choosePage: SigninPage<ChooseData> = (chrome, { client, methods }) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  return document(chrome, {
    title: t('choose.title'),
    width: 'narrow',
    main: html`<div class="stack-tight">
        <h1>${t('choose.title')}</h1>
        ${client && html`<p class="lead">${t('signIn.for', { client })}</p>`}
      </div>
      <ul class="doors">
        ${methods.map((method) => html`<li class="door">${way(locale, method)}</li>`)}
      </ul>`,
  })
}

/** What only shows something is a link; what begins a conversation elsewhere is a form. */
function way(locale: Locale, { kind, name, target }: Method): Html {
  const t = signinTexts(locale)
  const label = kind === 'other' ? (name ?? '') : t(`choose.${kind}`)
  const text = html`<span class="door-more soft">${t(`choose.${kind}.text`)}</span>`
  if ('href' in target) return html`<a href="${target.href}">${label}</a>${text}`
  return html`${form({ ...target, className: 'door-form' }, html`<button type="submit" class="door-button">${label}</button>`)}${text}`
}
