import { document } from '@althing/web-ui/document.ts'
import { button, errorSummary, field, form, passwordField } from '@althing/web-ui/forms.ts'
import type { FieldProblem } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Content, Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notice } from '@althing/web-ui/parts.ts'
import type { FormTarget, SignInData, SignInProblem, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** The first thing people see: prove who you are, with the electronic ID or a password. */
export const signInPage: SigninPage<SignInData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const errors = fieldErrors(locale, data.problem)
  const summary = summaryOf(errors)
  return document(chrome, {
    title: t(data.again ? 'signIn.again.title' : 'signIn.title'),
    width: 'narrow',
    scripts: ['signin/main.js'],
    failed: data.problem !== undefined,
    main: html`${errorSummary(locale, summary)}${problemNotice(locale, data.problem)}
      <div class="stack-tight">
        <h1>${t(data.again ? 'signIn.again.title' : 'signIn.title')}</h1>
        ${data.client && html`<p class="lead">${t('signIn.for', { client: data.client })}</p>`}
        ${data.again && html`<p class="soft">${t('signIn.again')}</p>`}
      </div>
      <div class="card">
        ${data.eid && electronicId(locale, data.eid)} ${passwordForm(locale, data, errors)}
      </div>
      ${links(locale, data)}`,
  })
}

type Errors = { readonly identifier?: string; readonly password?: string }

/** A wrong pair is said at the first field only: saying which of the two would tell who has an account. */
function fieldErrors(locale: Locale, problem: SignInProblem | undefined): Errors {
  const t = signinTexts(locale)
  if (problem?.kind === 'wrong') return { identifier: t('signIn.wrong') }
  if (problem?.kind !== 'missing') return {}
  return {
    ...(problem.fields.includes('identifier') && { identifier: t('signIn.identifier.missing') }),
    ...(problem.fields.includes('password') && { password: t('signIn.password.missing') }),
  }
}

function summaryOf({ identifier, password }: Errors): FieldProblem[] {
  return [
    ...(identifier ? [{ field: 'identifier', message: identifier }] : []),
    ...(password ? [{ field: 'password', message: password }] : []),
  ]
}

function problemNotice(locale: Locale, problem: SignInProblem | undefined): Html | null {
  const t = signinTexts(locale)
  switch (problem?.kind) {
    case 'locked':
      return notice(
        locale,
        'stop',
        t('signIn.locked', { when: soon(locale, problem) }),
        t('signIn.locked.title'),
      )
    case 'too_many':
      return notice(
        locale,
        'stop',
        t('signIn.tooMany', { when: soon(locale, problem) }),
        t('signIn.locked.title'),
      )
    case 'eid_failed':
      return notice(locale, 'stop', t('signIn.eidFailed'), t('signIn.eidFailed.title'))
    default:
      return null
  }
}

function soon(locale: Locale, { retryAfterSeconds }: { retryAfterSeconds?: number }): string {
  const t = signinTexts(locale)
  if (retryAfterSeconds === undefined || retryAfterSeconds < 60) return t('signIn.later')
  return t('signIn.soon', { minutes: Math.ceil(retryAfterSeconds / 60) })
}

function electronicId(locale: Locale, target: FormTarget): Html {
  const t = signinTexts(locale)
  const look = { kind: 'primary', wide: true, id: 'eid-button' } as const
  const ask = html`<div class="stack-tight">
    ${button(t('signIn.eid'), look)}${hint(t('signIn.eid.hint'))}
  </div>`
  return html`${form({ ...target, id: 'eid' }, ask)}
    <p class="rule">${t('signIn.or')}</p>`
}

const hint = (text: string): Html => html`<p class="hint center">${text}</p>`

function passwordForm(locale: Locale, data: SignInData, errors: Errors): Html {
  const t = signinTexts(locale)
  const { action, csrf, hidden = {} } = data
  const identifier = field({
    name: 'identifier',
    label: t('signIn.identifier'),
    autocomplete: 'username webauthn',
    inputmode: 'email',
    value: data.identifier,
    error: errors.identifier,
    required: true,
  })
  const password = passwordField({
    locale,
    label: t('signIn.password'),
    autocomplete: 'current-password',
    error: errors.password,
  })
  const send = button(t('signIn.button'), {
    kind: data.eid ? 'secondary' : 'primary',
    wide: true,
    id: 'sign-in-button',
  })
  return form({ action, csrf, hidden, id: 'sign-in' }, identifier, password, send)
}

function links(locale: Locale, { forgotHref, activateHref, moreHref }: SignInData): Content {
  const t = signinTexts(locale)
  const all = [
    [t('signIn.forgot'), forgotHref],
    [t('signIn.activate'), activateHref],
    [t('signIn.more'), moreHref],
  ] as const
  const given = all.filter(([, href]) => href !== undefined)
  if (given.length === 0) return null
  return html`<ul class="links">
    ${given.map(([label, href]) => html`<li><a href="${href}">${label}</a></li>`)}
  </ul>`
}
