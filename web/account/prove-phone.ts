import { document } from '@althing/web-ui/document.ts'
import { button, codeField, errorSummary, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import { notice } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, ProvePhoneData } from './pages.ts'

/** Beside the field what a person can mend there; above the page what they cannot. */
const besideField = ['missing', 'wrong', 'gone'] as const

/** A code has reached the telephone: from then on it can be a second step. */
export const provePhonePage: AccountPage<ProvePhoneData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { action, sendAction, csrf, phone, isWaiting, problem, backHref } = data
  const mend = isWaiting ? besideField.find((kind) => kind === problem) : undefined
  const error = mend && t(`provePhone.${mend}`)
  const above =
    mend === undefined && problem !== undefined && notice(locale, 'stop', t(`provePhone.${problem}`))
  return document(chrome, {
    title: t('provePhone.title'),
    width: 'narrow',
    failed: problem !== undefined,
    main: html`${errorSummary(locale, error ? [{ field: 'code', message: error }] : [])}${above}
      <div class="stack-tight">
        <h1>${t('provePhone.title')}</h1>
        <p class="soft">${t(isWaiting ? 'provePhone.sent' : 'provePhone.text', { phone })}</p>
      </div>
      <div class="card stack">
        ${
          isWaiting &&
          form(
            { action, csrf, id: 'prove-phone' },
            codeField({ name: 'code', label: t('provePhone.code'), error, required: true, autofocus: true }),
            button(t('provePhone.button'), { wide: true }),
          )
        }
        ${form(
          { action: sendAction, csrf, id: 'send-again' },
          button(t(isWaiting ? 'provePhone.again' : 'provePhone.send'), {
            kind: isWaiting ? 'secondary' : 'primary',
            wide: true,
          }),
        )}
      </div>
      <ul class="links">
        <li><a href="${backHref}">${t('security.cancel')}</a></li>
      </ul>`,
  })
}
