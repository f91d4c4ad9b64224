import { document } from '@althing/web-ui/document.ts'
import { button, codeField, errorSummary, form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, Target } from './pages.ts'

export interface ConfirmSecondData extends Target {
  readonly act: 'off' | 'codes'
  /** The second step was shown a moment ago: no code is asked for. */
  readonly isShown: boolean
  /** To show it by a passkey. */
  readonly otherHref: string
  readonly problem?: 'missing' | 'wrong' | 'locked'
}

/** What will happen, and the code that shows whose second step it is. Who has just shown it presses the button only. */
export const confirmSecondPage: AccountPage<ConfirmSecondData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { act, action, csrf, isShown, problem, otherHref, backHref } = data
  const error = problem && t(`confirmSecond.${problem}`)
  const code = codeField({
    name: 'code',
    hasLetters: true,
    label: t('confirmSecond.code'),
    hint: t('confirmSecond.code.hint'),
    error,
    required: true,
  })
  return document(chrome, {
    title: t(`confirmSecond.${act}.title`),
    width: 'narrow',
    failed: problem !== undefined,
    main: html`${errorSummary(locale, error && !isShown ? [{ field: 'code', message: error }] : [])}
      <div class="stack-tight">
        <h1>${t(`confirmSecond.${act}.title`)}</h1>
        <p>${t(`confirmSecond.${act}.text`)}</p>
      </div>
      <div class="card">
        ${form(
          { action, csrf, id: 'confirm-second' },
          !isShown && code,
          button(t(`confirmSecond.${act}.button`), {
            kind: act === 'off' ? 'danger' : 'primary',
            wide: true,
          }),
        )}
      </div>
      <ul class="links">
        ${!isShown && html`<li><a href="${otherHref}">${t('confirmSecond.other')}</a></li>`}
        <li><a href="${backHref}">${t('security.cancel')}</a></li>
      </ul>`,
  })
}
