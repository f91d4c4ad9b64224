import { document } from '@althing/web-ui/document.ts'
import { button, codeField, errorSummary, form, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import { exactly, notice } from '@althing/web-ui/parts.ts'
import { qrCode } from '@althing/web-ui/qr.ts'
import { accountTexts } from './account-texts.ts'
import { copyButton } from './copying.ts'
import type { AccountPage, CodesData, EnrolData } from './pages.ts'

/** Point a camera at it or copy it, then show that it works: nothing is asked for before that. */
export const enrolPage: AccountPage<EnrolData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { action, csrf, hidden = {}, secret, uri, problem, backHref } = data
  const error = problem && t(`enrol.${problem}`)
  return document(chrome, {
    title: t('enrol.title'),
    width: 'narrow',
    failed: problem !== undefined,
    main: html`${errorSummary(locale, error ? [{ field: 'code', message: error }] : [])}
      <div class="stack-tight">
        <h1>${t('enrol.title')}</h1>
        <p class="soft">${t('enrol.text')}</p>
      </div>
      <div class="card stack">
        <p><strong>${t('enrol.scan')}</strong></p>
        <div class="center">${qrCode(uri, t('enrol.qr'))}</div>
        <p><a href="${uri}">${t('enrol.open')}</a></p>
        <details class="more">
          <summary>${t('enrol.manual')}</summary>
          <p><code class="code-block">${(secret.match(/.{1,4}/g) ?? []).join(' ')}</code></p>
        </details>
        ${form(
          { action, csrf, hidden, id: 'enrol' },
          codeField({ name: 'code', label: t('enrol.code'), error, required: true }),
          button(t('enrol.button'), { wide: true }),
        )}
      </div>
      <ul class="links">
        <li><a href="${backHref}">${t('security.cancel')}</a></li>
      </ul>`,
  })
}

/** Shown once. Paper is the best place for them, so the page prints well. */
export const codesPage: AccountPage<CodesData> = (chrome, { codes, made, doneHref }) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  return document(chrome, {
    title: t('codes.title'),
    once: true,
    width: 'narrow',
    scripts: ['account/main.js'],
    main: html`<div class="stack-tight">
        <h1>${t('codes.title')}</h1>
        <p class="lead">${t('codes.text')}</p>
      </div>
      ${notice(locale, 'wait', t('codes.once'), t('codes.once.title'))}
      <div class="card stack">
        <ol class="codes" id="codes">
          ${codes.map((code) => html`<li><code>${code}</code></li>`)}
        </ol>
        <p class="soft small">${t('codes.made')} ${exactly(made, { locale }, 'date')}</p>
        <div class="row">
          <button type="button" class="button button-secondary" data-save="codes" hidden>
            ${t('codes.save')}
          </button>
          <button type="button" class="button button-secondary" data-print hidden>${t('codes.print')}</button>
          ${copyButton(locale, 'codes')}
        </div>
      </div>
      <div class="row">${linkButton(t('codes.done'), doneHref, { kind: 'primary' })}</div>`,
  })
}
