import { action, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { statusPill } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { CodeStanding, SecurityData } from './pages.ts'
import { section } from './section.ts'

/** Codes that are sent, each with what it still needs. Nothing where the organisation sends none. */
export function codesSection(locale: Locale, { codes, csrf }: SecurityData): Html | null {
  const t = accountTexts(locale)
  if (codes.length === 0) return null
  return section(
    'sent-codes',
    t('security.codes'),
    html`<p class="soft">${t('security.codes.text')}</p>
      <ul class="rows" aria-labelledby="sent-codes-title">
        ${codes.map((standing) => row(locale, standing, csrf))}
      </ul>`,
  )
}

function row(locale: Locale, standing: CodeStanding, csrf: string): Html {
  const t = accountTexts(locale)
  const { channel, isOn, to, unproven, missing } = standing
  return html`<li>
    <div class="rows-main">
      <p>
        <strong>${t(`security.codes.${channel}`)}</strong>
        ${statusPill('plain', t(isOn ? 'security.twoStep.on' : 'security.twoStep.off'))}
      </p>
      ${to !== null && html`<p class="soft small">${t(`security.codes.to.${channel}`, { to })}</p>`}
      ${missing !== null && html`<p class="soft small">${t(`security.codes.missing.${missing}`)}</p>`}
      ${unproven !== null && html`<p class="soft small">${t('security.codes.unproven', { phone: unproven })}</p>`}
    </div>
    <div class="row">${acts(locale, standing, csrf)}</div>
  </li>`
}

function acts(locale: Locale, { channel, isOn, to, unproven, missing }: CodeStanding, csrf: string): Html {
  const t = accountTexts(locale)
  const named = (label: string) =>
    html`${label}<span class="visually-hidden"> (${t(`security.codes.${channel}`)})</span>`
  const hidden = { channel }
  const on = { action: '/account/codes/on', csrf, hidden, id: `code-${channel}-on` }
  return html`${unproven !== null && action(t('security.codes.prove'), { action: '/account/phone/send', csrf, id: 'prove-phone' }, { kind: 'secondary' })}
  ${missing === 'phone' && linkButton(t('security.codes.addPhone'), '/account/profile')}
  ${isOn && linkButton(named(t('security.twoStep.turnOff')), `/account/codes/off?channel=${channel}`, { kind: 'danger' })}
  ${!isOn && to !== null && missing === null && action(named(t('security.twoStep.turnOn')), on, { kind: 'secondary' })}`
}
