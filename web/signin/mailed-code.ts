import { document } from '@althing/web-ui/document.ts'
import { button, codeField, errorSummary, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { MailedCodeData, SigninPage } from './pages.ts'
import { fieldErrors, problemNotice, summaryOf } from './problems.ts'
import { signinTexts } from './signin-texts.ts'
import { links } from './ways.ts'

/** The code that was sent. Sending another one is a form of its own, so that the key Enter never does it. */
export const mailedCodePage: SigninPage<MailedCodeData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { action, csrf, hidden = {}, channel, to, again, waysHref, otherHref, problem } = data
  const wrong = problem?.kind === 'wrong' || problem?.kind === 'code_gone' ? problem.kind : null
  const errors = wrong === null ? fieldErrors(locale, problem) : { code: t(`mailedCode.${wrong}`) }
  return document(chrome, {
    title: t('code.title'),
    width: 'narrow',
    scripts: ['signin/main.js'],
    failed: problem !== undefined,
    main: html`${errorSummary(locale, summaryOf(errors))}${problemNotice(locale, problem)}
      <div class="stack-tight">
        <h1>${t('code.title')}</h1>
        <p class="soft">${t(`mailedCode.${channel}`, { to })}</p>
      </div>
      <div class="card stack">
        ${form(
          { action, csrf, hidden, id: 'mailed-code' },
          codeField({
            name: 'code',
            label: t('code.label'),
            error: errors.code,
            required: true,
            autofocus: true,
          }),
          button(t('code.button'), { wide: true, id: 'mailed-code-button' }),
        )}
        ${form({ ...again, id: 'send-again' }, button(t('mailedCode.again'), { kind: 'secondary', wide: true }))}
        <p class="soft small">${t('mailedCode.late')}</p>
      </div>
      ${links([
        [t('code.ways'), waysHref],
        [t('code.other'), otherHref],
      ])}`,
  })
}
