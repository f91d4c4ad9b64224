import { document } from '@althing/web-ui/document.ts'
import { button, errorSummary, field, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { ActivationCodeData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'
import { links } from './ways.ts'

/** For who was given a code on paper: it stands in for the link that others get by mail. */
export const activationCodePage: SigninPage<ActivationCodeData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { action, csrf, isWrong, signInHref } = data
  const error = isWrong ? t('activationCode.wrong') : undefined
  return document(chrome, {
    title: t('activationCode.title'),
    width: 'narrow',
    failed: isWrong,
    main: html`${errorSummary(locale, error ? [{ field: 'code', message: error }] : [])}
      <div class="stack-tight">
        <h1>${t('activationCode.title')}</h1>
        <p class="soft">${t('activationCode.text')}</p>
      </div>
      <div class="card">
        ${form(
          { action, csrf, id: 'activation-code' },
          field({
            name: 'code',
            label: t('activationCode.label'),
            autocomplete: 'one-time-code',
            error,
            required: true,
          }),
          button(t('signIn.next'), { wide: true }),
        )}
      </div>
      ${links([[t('recoverAsk.back'), signInHref]])}`,
  })
}
