import { document } from '@althing/web-ui/document.ts'
import { button, errorSummary, form, passwordField } from '@althing/web-ui/forms.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import type { ActivateData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/**
 * The link of an activation mail shows this page and changes nothing: mail scanners open links too.
 * There is one field: who may see what they write need not write it twice.
 */
export const activatePage: SigninPage<ActivateData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { identifier, minimumLength: length, problem, action, csrf, hidden = {} } = data
  const error = problem && t(`activate.${problem}`, { length })
  // Hidden from eyes, there for password managers: it says whose password this is.
  const username = html`<input${attributes({ type: 'text', name: 'username', id: 'username', autocomplete: 'username', value: identifier, hidden: true, readonly: true })}>`
  return document(chrome, {
    title: t('activate.title'),
    width: 'narrow',
    scripts: ['signin/main.js'],
    failed: problem !== undefined,
    main: html`${errorSummary(locale, error ? [{ field: 'new-password', message: error }] : [])}
      <div class="stack-tight">
        <h1>${t('activate.title')}</h1>
        <p class="soft">${t('activate.text', { identifier })}</p>
      </div>
      <div class="card">
        ${form(
          { action, csrf, hidden, id: 'activate' },
          username,
          passwordField({
            locale,
            id: 'new-password',
            label: t('activate.password'),
            hint: t('activate.hint', { length }),
            autocomplete: 'new-password',
            minlength: length,
            error,
          }),
          button(t('activate.button'), { wide: true }),
        )}
      </div>`,
  })
}
