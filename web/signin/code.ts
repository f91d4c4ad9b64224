import { document } from '@althing/web-ui/document.ts'
import { button, codeField, errorSummary, form } from '@althing/web-ui/forms.ts'
import { html, type Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { CodeData, SigninPage } from './pages.ts'
import { fieldErrors, problemNotice, summaryOf } from './problems.ts'
import { signinTexts } from './signin-texts.ts'
import { links, passkeyForm } from './ways.ts'

/** One field for both kinds of code: who has lost the telephone writes a recovery code where the other would stand. */
export const codePage: SigninPage<CodeData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { problem, passkey, passkeyOnly = false, otherHref, waysHref } = data
  const errors = problem?.kind === 'wrong' ? { code: t('code.wrong') } : fieldErrors(locale, problem)
  const [title, text] = passkeyOnly
    ? (['code.passkey.title', 'code.passkey.text'] as const)
    : (['code.title', 'code.text'] as const)
  return document(chrome, {
    title: t(title),
    width: 'narrow',
    scripts: ['signin/main.js'],
    failed: problem !== undefined,
    main: html`${errorSummary(locale, summaryOf(errors))}${problemNotice(locale, problem)}
      <div class="stack-tight">
        <h1>${t(title)}</h1>
        <p class="soft">${t(text)}</p>
      </div>
      <div class="card">
        ${!passkeyOnly && codeForm(locale, data, errors.code)} ${passkey && passkeyForm(locale, passkey)}
        ${
          !passkeyOnly &&
          html`<details class="more">
            <summary>${t('code.lost')}</summary>
            <p>${t('code.lost.text')}</p>
          </details>`
        }
      </div>
      ${links([
        [t('code.ways'), waysHref],
        [t('code.other'), otherHref],
      ])}`,
  })
}

function codeForm(locale: Locale, { action, csrf, hidden = {} }: CodeData, error: string | undefined): Html {
  const t = signinTexts(locale)
  return form(
    { action, csrf, hidden, id: 'code-form' },
    codeField({
      name: 'code',
      label: t('code.label'),
      hasLetters: true,
      error,
      required: true,
      autofocus: true,
    }),
    button(t('code.button'), { wide: true, id: 'code-button' }),
  )
}
