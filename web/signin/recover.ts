import { document } from '@althing/web-ui/document.ts'
import { button, errorSummary, field, form, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import { notice } from '@althing/web-ui/parts.ts'
import { challengeBox, challengeNotice, isChallengeProblem } from './challenge.ts'
import type { RecoverData, RecoverSentData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** One field: the address that the link goes to. */
export const recoverPage: SigninPage<RecoverData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { action, csrf, hidden = {}, email, problem, signInHref } = data
  const error = problem === 'address' ? t('recoverAsk.address') : undefined
  return document(chrome, {
    title: t('recoverAsk.title'),
    width: 'narrow',
    writes: 'recover',
    failed: problem !== undefined,
    main: html`${errorSummary(locale, error ? [{ field: 'email', message: error }] : [])}
      ${problem === 'too_many' && notice(locale, 'stop', t('recoverAsk.tooMany'), t('recoverAsk.tooMany.title'))}
      ${isChallengeProblem(problem) && challengeNotice(locale, problem)}
      <div class="stack-tight">
        <h1>${t('recoverAsk.title')}</h1>
        <p class="soft">${t('recoverAsk.text')}</p>
      </div>
      <div class="card">
        ${form(
          { action, csrf, hidden, id: 'recover' },
          field({
            name: 'email',
            label: t('recoverAsk.email'),
            autocomplete: 'username',
            inputmode: 'email',
            value: email,
            error,
            required: true,
          }),
          challengeBox(locale, data.challenge),
          button(t('recoverAsk.button'), { wide: true }),
        )}
      </div>
      <p><a href="${signInHref}">${t('recoverAsk.back')}</a></p>`,
  })
}

/** The same for every address: what happened is told in the mail, and nowhere else. */
export const recoverSentPage: SigninPage<RecoverSentData> = (chrome, { againHref, signInHref }) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('recoverSent.title'),
    width: 'narrow',
    main: html`<div class="stack-tight">
        <h1>${t('recoverSent.title')}</h1>
        <p class="lead">${t('recoverSent.text')}</p>
      </div>
      <p class="soft">${t('recoverSent.none')}</p>
      <div class="row">
        ${linkButton(t('recoverSent.again'), againHref)}
        <a href="${signInHref}">${t('recoverAsk.back')}</a>
      </div>`,
  })
}
