import { document } from '@althing/web-ui/document.ts'
import { action, button, errorSummary, field, form, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { exactly, notice } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import { copyButton } from './copying.ts'
import type { AccountPage, EraseData, PassphraseData, PrivacyData } from './pages.ts'
import { section } from './section.ts'

/** Taking one's data along, and having them erased. */
export const privacyPage: AccountPage<PrivacyData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { done, problem, backHref } = data
  return document(chrome, {
    title: t('privacy.title'),
    failed: problem !== undefined,
    main: html`<p><a href="${backHref}">${t('security.back')}</a></p>
      <h1>${t('privacy.title')}</h1>
      ${problem && notice(locale, 'stop', t(`privacy.problem.${problem}`))}
      ${done && notice(locale, 'go', t(`privacy.done.${done}`))} ${taking(locale, data)}
      ${erasing(locale, data)}`,
  })
}

function taking(locale: Locale, data: PrivacyData): Html {
  const t = accountTexts(locale)
  const { mayExport, csrf, actions } = data
  const ask = action(
    t('privacy.export.ask'),
    { action: actions.export, csrf, id: 'export' },
    { kind: 'secondary' },
  )
  return section(
    'export',
    t('privacy.export'),
    html`<p class="soft">${t('privacy.export.text')}</p>
      ${underWay(locale, data)}${stillShown(locale, data)}
      ${mayExport ? ask : html`<p class="soft small">${t('privacy.export.tomorrow')}</p>`}`,
  )
}

function underWay(locale: Locale, { export: made }: PrivacyData): Html | null {
  const t = accountTexts(locale)
  if (made === null) return null
  if (made.state === 'failed') return notice(locale, 'stop', t('privacy.export.failed'))
  if (made.state === 'waiting')
    return html`${notice(locale, 'info', t('privacy.export.waiting', { done: made.done, parts: made.parts }))}
      <p>${linkButton(t('privacy.export.reload'), '')}</p>`
  return html`${notice(
      locale,
      'info',
      html`${t('privacy.export.ready')} ${exactly(made.until, { locale }, 'date')}.`,
    )}
    <p>${linkButton(t('privacy.export.fetch'), made.href, { kind: 'primary' })}</p>`
}

/** Whoever has closed the page too early. */
function stillShown(locale: Locale, { passphrase }: PrivacyData): Html | null {
  const t = accountTexts(locale)
  if (passphrase === null) return null
  return html`<p>
    ${t('passphrase.until')} ${exactly(passphrase.until, { locale }, 'dateTime')}.
    <a href="${passphrase.href}">${t('passphrase.again')}</a>
  </p>`
}

function erasing(locale: Locale, { erasure, eraseHref, csrf, actions }: PrivacyData): Html {
  const t = accountTexts(locale)
  const text =
    erasure === null
      ? html`<p class="soft">${t('privacy.erase.text')}</p>
          <p>${linkButton(t('privacy.erase.link'), eraseHref)}</p>`
      : html`${notice(
          locale,
          'wait',
          html`${t('privacy.erase.due')} ${exactly(erasure.due, { locale }, 'date')}.
          ${t('privacy.erase.until')}`,
        )}
        ${action(t('privacy.erase.keep'), { action: actions.keep, csrf, id: 'keep' }, { kind: 'primary' })}`
  return section('erase', t('privacy.erase'), text)
}

/** Shown for a while; the buttons to save and print it appear with the script that works them. */
export const passphrasePage: AccountPage<PassphraseData> = (
  chrome,
  { passphrase, action: at, csrf, hidden },
) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  return document(chrome, {
    title: t('passphrase.title'),
    width: 'narrow',
    scripts: ['account/main.js'],
    main: html`<div class="stack-tight">
        <h1>${t('passphrase.title')}</h1>
        <p class="lead">${t('passphrase.text')}</p>
      </div>
      ${notice(locale, 'wait', t('passphrase.once'), t('passphrase.once.title'))}
      <div class="card stack">
        <p id="codes"><code class="code-block">${passphrase}</code></p>
        <div class="row">
          <button type="button" class="button button-secondary" data-save="codes" hidden>
            ${t('passphrase.save')}
          </button>
          <button type="button" class="button button-secondary" data-print hidden>
            ${t('passphrase.print')}
          </button>
          ${copyButton(locale, 'codes')}
        </div>
      </div>
      ${form({ action: at, csrf, hidden, id: 'kept' }, button(t('passphrase.done'), { kind: 'primary' }))}`,
  })
}

/** What will happen, and a phrase, so that nobody does it in passing. */
export const erasePage: AccountPage<EraseData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { action: at, csrf, phrase, days, problem, backHref } = data
  const error = problem === undefined ? undefined : t(`erase.${problem}.wrong`, { phrase })
  return document(chrome, {
    title: t('erase.title'),
    width: 'narrow',
    failed: problem !== undefined,
    main: html`${errorSummary(locale, error === undefined ? [] : [{ field: 'phrase', message: error }])}
      <div class="stack-tight">
        <h1>${t('erase.title')}</h1>
        <p>${t('erase.what', { days })}</p>
        <ul>
          ${(['account', 'membership', 'data', 'votes'] as const).map((what) => html`<li>${t(`erase.${what}`)}</li>`)}
        </ul>
        <p>${t('erase.grace')}</p>
      </div>
      <div class="card">
        ${form(
          { action: at, csrf, id: 'erase' },
          field({ name: 'phrase', label: t('erase.phrase', { phrase }), autocomplete: 'off', error }),
          button(t('erase.button', { days }), { kind: 'danger', wide: true }),
        )}
      </div>
      <ul class="links">
        <li><a href="${backHref}">${t('security.cancel')}</a></li>
      </ul>`,
  })
}
