import { document } from '@althing/web-ui/document.ts'
import { action } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { exactly, notice, statusPill } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, ConsentGiven, ConsentsData } from './pages.ts'
import { section } from './section.ts'

/** What I agreed to, in which version and when; what is optional can be taken back here. */
export const consentsPage: AccountPage<ConsentsData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { history, done, backHref } = data
  return document(chrome, {
    title: t('consents.title'),
    main: html`<p><a href="${backHref}">${t('security.back')}</a></p>
      <h1>${t('consents.title')}</h1>
      ${done && notice(locale, 'go', t('account.done.saved'))} ${marketing(locale, data)}
      ${section(
        'history',
        t('consents.history'),
        history.length === 0
          ? html`<p class="soft">${t('consents.none')}</p>`
          : html`<ul class="rows" aria-labelledby="history-title">
              ${history.map((given) => row(locale, given))}
            </ul>`,
      )}`,
  })
}

function marketing(locale: Locale, { history, csrf, action: at }: ConsentsData): Html {
  const t = accountTexts(locale)
  const isOn = history.some(({ kind, withdrawnAt }) => kind === 'marketing' && withdrawnAt === null)
  const wish = isOn ? 'off' : 'on'
  return section(
    'marketing',
    t('consents.marketing'),
    html`<p>${statusPill('plain', t(`consents.marketing.${isOn ? 'on' : 'off'}`))}</p>
      <p class="soft">${t('consents.marketing.text')}</p>
      ${action(t(`consents.marketing.turn.${wish}`), { action: at, csrf, id: 'marketing', hidden: { marketing: wish } }, { kind: 'secondary' })}`,
  )
}

function row(locale: Locale, { kind, version, givenAt, withdrawnAt, href }: ConsentGiven): Html {
  const t = accountTexts(locale)
  return html`<li>
    <div class="rows-main">
      <p>
        <strong>${t(`consents.kind.${kind}`)}</strong>
        ${
          href === null
            ? html`<span class="soft small">${t('consents.version', { version })}</span>`
            : html`<a class="small" href="${href}">${t('consents.version', { version })}</a>`
        }
      </p>
      <p class="soft small">
        ${t('consents.given')}
        ${exactly(givenAt, { locale }, 'dateTime')}${withdrawnAt !== null && html`, ${t('consents.withdrawn')} ${exactly(withdrawnAt, { locale }, 'dateTime')}`}
      </p>
    </div>
  </li>`
}
