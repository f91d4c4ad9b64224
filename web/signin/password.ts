import { document } from '@althing/web-ui/document.ts'
import { action, button, choices, errorSummary, form, passwordField } from '@althing/web-ui/forms.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { PasswordData, SigninPage } from './pages.ts'
import { fieldErrors, problemNotice, summaryOf } from './problems.ts'
import { signinTexts } from './signin-texts.ts'
import { electronicId, links, passkeyForm } from './ways.ts'

/** The same page for every address that was written: what stands here tells nobody whether there is such an account. */
export const passwordPage: SigninPage<PasswordData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { identifier, again, client, problem, eid, passkey, link } = data
  const title = t(again ? 'signIn.again.title' : 'password.title')
  return document(chrome, {
    title,
    width: 'narrow',
    scripts: ['signin/main.js'],
    failed: problem !== undefined,
    main: html`${errorSummary(locale, summaryOf(errorsOf(locale, data)))}${problemNotice(locale, problem)}
      <div class="stack-tight">
        <h1>${title}</h1>
        ${client && html`<p class="lead">${t('signIn.for', { client })}</p>`}
        ${again && html`<p class="soft">${t('signIn.again')}</p>`}
        ${!again && html`<p class="soft">${t('password.for', { identifier })} <a href="${data.otherHref}">${t('password.other')}</a></p>`}
      </div>
      <div class="card">
        ${eid && electronicId(locale, eid, { last: identifier === '' })}
        ${identifier !== '' && passwordForm(locale, data)} ${passkey && passkeyForm(locale, passkey)}
        ${link && action(t('link.button'), { ...link, id: 'link', className: 'stack' }, { kind: 'secondary', wide: true, id: 'link-button' })}
      </div>
      ${links([[t('signIn.forgot'), again ? undefined : data.forgotHref]])}`,
  })
}

const errorsOf = (locale: Locale, { problem }: PasswordData) =>
  problem?.kind === 'wrong' ? { password: signinTexts(locale)('signIn.wrong') } : fieldErrors(locale, problem)

function passwordForm(locale: Locale, data: PasswordData): Html {
  const t = signinTexts(locale)
  const { action: at, csrf, hidden = {}, identifier, again, eid } = data
  // Hidden from eyes, there for password managers: it says whose password this is.
  const username = html`<input${attributes({ type: 'text', name: 'username', id: 'username', autocomplete: 'username', value: identifier, hidden: true, readonly: true })}>`
  const password = passwordField({
    locale,
    label: t('signIn.password'),
    autocomplete: 'current-password',
    error: errorsOf(locale, data).password,
    autofocus: true,
  })
  const remember =
    !again &&
    choices({
      name: 'remember',
      legend: html`<span class="visually-hidden">${t('password.remember.legend')}</span>`,
      kind: 'several',
      options: [{ value: 'on', label: t('password.remember'), hint: t('password.remember.hint') }],
    })
  const send = button(t('signIn.button'), {
    kind: eid ? 'secondary' : 'primary',
    wide: true,
    id: 'password-button',
  })
  return form({ action: at, csrf, hidden, id: 'password-form' }, username, password, remember, send)
}
