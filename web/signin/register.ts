import { document } from '@althing/web-ui/document.ts'
import { button, choices, errorSummary, field, form, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notice } from '@althing/web-ui/parts.ts'
import { challengeBox, challengeNotice, isChallengeProblem } from './challenge.ts'
import { registerFields } from './pages.ts'
import type {
  ConfirmAddressData,
  RegisterData,
  RegisteredData,
  RegisterField,
  RegisterProblem,
  SigninPage,
} from './pages.ts'
import { signinTexts } from './signin-texts.ts'
import { agreementField } from './agreement.ts'
import { links } from './ways.ts'

/** Who one is and what one agrees to; the rest comes by mail. */
export const registerPage: SigninPage<RegisterData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { wrong = [], problem, signInHref, isClosed } = data
  const summary = wrong.map((one) => ({ field: fieldOf(one), message: t(`register.${one}.wrong`) }))
  return document(chrome, {
    title: t('register.title'),
    width: 'narrow',
    writes: 'register',
    failed: wrong.length > 0 || problem !== undefined,
    main: html`${errorSummary(locale, summary)}
      ${problem === 'too_many' && notice(locale, 'stop', t('recoverAsk.tooMany'), t('recoverAsk.tooMany.title'))}
      ${isChallengeProblem(problem) && challengeNotice(locale, problem)}
      <div class="stack-tight">
        <h1>${t('register.title')}</h1>
        <p class="soft">${t(isClosed ? 'register.closed' : 'register.text')}</p>
      </div>
      ${!isClosed && html`<div class="card">${registerForm(locale, data)}</div>`}
      ${links([[t('register.have'), signInHref]])}`,
  })
}

/** No right answer is longer, and none is cut off. */
const longest = { name: 200, email: 254, guardian_email: 254, phone: 30 } as const

const fieldOf = (problem: RegisterProblem): RegisterField =>
  registerFields.find((name) => problem.startsWith(name)) ?? 'name'

function registerForm(locale: Locale, data: RegisterData): Html {
  const t = signinTexts(locale)
  const { action, csrf, values = {}, wrong = [] } = data
  const errorOf = (name: RegisterField) => {
    const problem = wrong.find((one) => fieldOf(one) === name)
    return problem && t(`register.${problem}.wrong`)
  }
  const text = (
    name: Exclude<RegisterField, 'terms'>,
    autocomplete: string,
    type: 'text' | 'email' | 'tel' | 'date',
    hinted = false,
  ) =>
    field({
      name,
      label: t(`register.${name}`),
      autocomplete,
      type,
      value: values[name],
      error: errorOf(name),
      ...(name === 'birth_date' ? {} : { maxlength: longest[name] }),
      ...(hinted ? { hint: t(`register.${name as 'phone'}.hint`) } : {}),
    })
  return form(
    { action, csrf, id: 'register' },
    text('name', 'name', 'text'),
    text('email', 'email', 'email'),
    text('birth_date', 'bday', 'date'),
    text('guardian_email', 'off', 'email', true),
    text('phone', 'tel', 'tel', true),
    agreementField(locale, data.agreement, { isTicked: values['terms'] === 'on', error: errorOf('terms') }),
    choices({
      name: 'marketing',
      legend: t('register.marketing.legend'),
      kind: 'several',
      options: [{ value: 'on', label: t('register.marketing'), checked: values['marketing'] === 'on' }],
    }),
    challengeBox(locale, data.challenge),
    button(t('register.button'), { wide: true, id: 'register-button' }),
  )
}

/** The same answer for every address, so that it tells nobody who has an account; and what comes after a link was used. */
export const registeredPage: SigninPage<RegisteredData> = (chrome, { state, homeHref }) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t(`registered.${state}.title`),
    width: 'narrow',
    main: html`<div class="stack">
        <h1>${t(`registered.${state}.title`)}</h1>
        <p class="lead">${t(`registered.${state}.text`)}</p>
        ${state === 'sent' && html`<p class="soft">${t('linkSent.none')}</p>`}
      </div>
      <div class="row">${linkButton(t('signedOut.home'), homeHref)}</div>`,
  })
}

/** Opening a link changes nothing, because scanners of mail open links too: it is the button that does. */
const proofPage =
  (kind: 'confirmAddress' | 'newAddress' | 'guardian'): SigninPage<ConfirmAddressData> =>
  (chrome, { action, csrf, hidden = {}, name, email }) => {
    const t = signinTexts(chrome.locale)
    return document(chrome, {
      title: t(`${kind}.title`),
      width: 'narrow',
      main: html`<div class="stack-tight">
          <h1>${t(`${kind}.title`)}</h1>
          <p class="lead">${t(`${kind}.text`, { name, email })}</p>
          <p class="soft">${t(`${kind}.warning`)}</p>
        </div>
        <div class="card">
          ${form({ action, csrf, hidden, id: 'confirm' }, button(t(`${kind}.button`), { wide: true, id: 'confirm-button' }))}
        </div>`,
    })
  }

export const confirmAddressPage = proofPage('confirmAddress')
/** For who has an account and uses another address from now on. */
export const newAddressPage = proofPage('newAddress')
export const guardianPage = proofPage('guardian')
