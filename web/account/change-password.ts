import { document } from '@althing/web-ui/document.ts'
import { button, errorSummary, form, passwordField } from '@althing/web-ui/forms.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { passwordHint, passwordProblem } from '@althing/web-ui/passwords.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, ChangePasswordData } from './pages.ts'

/** The present one, and the new one: no third field, for who may see what they write need not write it twice. */
export const changePasswordPage: AccountPage<ChangePasswordData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { action, csrf, identifier, hasOne, minimumLength: length, backHref } = data
  const errors = errorsOf(locale, data)
  const title = t(hasOne ? 'changePassword.title' : 'changePassword.first')
  // Hidden from eyes, there for password managers: it says whose password this is.
  const username = html`<input${attributes({ type: 'text', name: 'username', id: 'username', autocomplete: 'username', value: identifier, hidden: true, readonly: true })}>`
  const current =
    hasOne &&
    passwordField({
      locale,
      name: 'current',
      label: t('changePassword.current'),
      autocomplete: 'current-password',
      error: errors.current,
    })
  const next = passwordField({
    locale,
    label: uiTexts(locale)('newPassword.password'),
    hint: passwordHint(locale, length, data.advisedLength),
    autocomplete: 'new-password',
    minlength: length,
    error: errors.password,
  })
  return document(chrome, {
    title,
    width: 'narrow',
    scripts: ['account/main.js'],
    failed: data.problem !== undefined,
    main: html`${errorSummary(
        locale,
        Object.entries(errors).map(([field, message]) => ({ field, message })),
      )}
      <div class="stack-tight">
        <h1>${title}</h1>
        <p class="soft">${t('changePassword.text')}</p>
      </div>
      <div class="card">
        ${form({ action, csrf, id: 'change-password' }, username, current, next, button(uiTexts(locale)('newPassword.button'), { wide: true }))}
      </div>
      <ul class="links">
        <li><a href="${backHref}">${t('security.cancel')}</a></li>
      </ul>`,
  })
}

function errorsOf(
  locale: Locale,
  { problem, minimumLength }: ChangePasswordData,
): { readonly current?: string; readonly password?: string } {
  if (problem === undefined) return {}
  if (problem.field === 'current') return { current: accountTexts(locale)(`changePassword.${problem.kind}`) }
  return { password: passwordProblem(locale, problem.kind, minimumLength) }
}
