import { document } from '@althing/web-ui/document.ts'
import { action, button, errorSummary, field, form } from '@althing/web-ui/forms.ts'
import { attributes, html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { challengeBox } from './challenge.ts'
import type { SignInData, SigninPage } from './pages.ts'
import { notice } from '@althing/web-ui/parts.ts'
import { fieldErrors, problemNotice, summaryOf } from './problems.ts'
import { signinTexts } from './signin-texts.ts'
import { electronicId, links, passkeyForm } from './ways.ts'

/** The first question: who are you? Or the electronic ID, or a passkey, which say it themselves. */
export const signInPage: SigninPage<SignInData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { problem, done, client, again, eid, passkey, registerHref } = data
  const title = t(again ? 'signIn.again.title' : 'signIn.title')
  return document(chrome, {
    title,
    width: 'narrow',
    scripts: ['signin/main.js'],
    writes: 'sign-in',
    failed: problem !== undefined,
    main: html`${errorSummary(locale, summaryOf(fieldErrors(locale, problem)))}${problemNotice(locale, problem)}
      ${done && notice(locale, 'go', t(`signIn.done.${done}`))}
      <div class="stack-tight">
        <h1>${title}</h1>
        ${client && html`<p class="lead">${t('signIn.for', { client })}</p>`}
        ${again && html`<p class="soft">${t('signIn.again')}</p>`}
      </div>
      <div class="card">
        ${eid && electronicId(locale, eid)} ${identifierForm(locale, data)}
        ${passkey && passkeyForm(locale, passkey, { autofill: true })}
        ${data.others?.map(({ name, target }) => action(t('signIn.with', { provider: name }), { ...target, className: 'stack' }, { kind: 'secondary', wide: true }))}
      </div>
      ${links([[t('signIn.register'), registerHref]])}`,
  })
}

function identifierForm(locale: Locale, data: SignInData): Html {
  const t = signinTexts(locale)
  const { action: at, csrf, hidden = {}, identifier: value, eid, problem } = data
  const identifier = field({
    name: 'identifier',
    label: t('signIn.identifier'),
    autocomplete: 'username webauthn',
    inputmode: 'email',
    value,
    error: fieldErrors(locale, problem).identifier,
    required: true,
  })
  // Not for eyes: password managers that know both fill in both, and the next page is skipped.
  const password = html`<input${attributes({ type: 'password', name: 'password', id: 'password', class: 'visually-hidden', autocomplete: 'current-password', tabindex: -1, 'aria-hidden': 'true' })}>`
  const next = button(t('signIn.next'), {
    kind: eid ? 'secondary' : 'primary',
    wide: true,
    id: 'sign-in-button',
  })
  return form(
    { action: at, csrf, hidden, id: 'sign-in' },
    identifier,
    password,
    challengeBox(locale, data.challenge),
    next,
  )
}
