import { document } from '@althing/web-ui/document.ts'
import { button, errorSummary, form, passwordField } from '@althing/web-ui/forms.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import { passwordHint, passwordProblem } from '@althing/web-ui/passwords.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { agreementField } from './agreement.ts'
import type { NewPasswordData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/**
 * The link of a mail, to begin with or for a forgotten password, shows this page and changes nothing: mail scanners open links too.
 * There is one field: who may see what they write need not write it twice.
 */
export const newPasswordPage: SigninPage<NewPasswordData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const ui = uiTexts(locale)
  const { purpose, identifier, minimumLength: length, problem, action, csrf, hidden = {} } = data
  const unread =
    problem === 'terms' || problem === 'terms_changed' ? t(`register.${problem}.wrong`) : undefined
  const error =
    problem && problem !== 'terms' && problem !== 'terms_changed'
      ? passwordProblem(locale, problem, length)
      : undefined
  const summary = [
    ...(error ? [{ field: 'new-password', message: error }] : []),
    ...(unread ? [{ field: 'terms', message: unread }] : []),
  ]
  // Hidden from eyes, there for password managers: it says whose password this is.
  const username = html`<input${attributes({ type: 'text', name: 'username', id: 'username', autocomplete: 'username', value: identifier, hidden: true, readonly: true })}>`
  return document(chrome, {
    title: t(`${purpose}.title`),
    width: 'narrow',
    scripts: ['signin/main.js'],
    failed: problem !== undefined,
    main: html`${errorSummary(locale, summary)}
      <div class="stack-tight">
        <h1>${t(`${purpose}.title`)}</h1>
        <p class="soft">${t(`${purpose}.text`, { identifier })}</p>
      </div>
      <div class="card">
        ${form(
          { action, csrf, hidden, id: purpose },
          username,
          passwordField({
            locale,
            id: 'new-password',
            label: ui('newPassword.password'),
            hint: passwordHint(locale, length, data.advisedLength),
            autocomplete: 'new-password',
            minlength: length,
            error,
          }),
          agreementField(locale, data.agreement, { isTicked: data.hasAgreed === true, error: unread }),
          button(ui('newPassword.button'), { wide: true }),
        )}
      </div>`,
  })
}
