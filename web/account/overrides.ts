import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { exactly } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { Overriding } from './overriding.ts'
import type { AccountData } from './pages.ts'
import { section } from './section.ts'

/** What holds for a while, with its end, its reason and who gave it. Nothing where there is nothing; that nobody could say is said. */
export function overrides(locale: Locale, { overrides: found, timeZone }: AccountData): Html | null {
  const t = accountTexts(locale)
  if (found === null)
    return section(
      'overrides',
      t('account.overrides'),
      html`<p class="soft">${t('account.overrides.unknown')}</p>`,
    )
  if (found.length === 0) return null
  return section(
    'overrides',
    t('account.overrides'),
    html`<p class="soft">${t('account.overrides.text')}</p>
      <ul class="rows" aria-labelledby="overrides-title">
        ${found.map((one) => row(locale, one, timeZone))}
      </ul>`,
  )
}

function row(locale: Locale, one: Overriding, timeZone: string | undefined): Html {
  const t = accountTexts(locale)
  const { kind, reason, until, by } = one
  const givers =
    by.length === 0 ? t('account.overrides.operator') : by.join(` ${t('account.overrides.and')} `)
  return html`<li>
    <div class="rows-main">
      <p><strong>${t(`account.overrides.${kind}`)}</strong> ${what(locale, one)}</p>
      <p class="soft small">
        ${t('account.overrides.until')} ${exactly(until, { locale, timeZone }, 'dateTime')}.
        ${t('account.overrides.by')}: ${givers}. ${t('account.overrides.reason')}: ${reason}
      </p>
    </div>
  </li>`
}

function what(locale: Locale, { role, actions, words, resource }: Overriding): Html {
  const t = accountTexts(locale)
  if (role === 'election-manager' || role === 'administrator') return html`${t(`account.role.${role}`)}`
  const named = actions.map((name) => {
    const said = words[name]?.[locale]
    return said === undefined ? name : said.charAt(0).toLocaleLowerCase(locale) + said.slice(1)
  })
  return html`<span class="wraps">${named.join('; ')} (${place(locale, resource)})</span>`
}

/** A service is all that is asked about there; what is an organisation's own has its name alone. */
function place(locale: Locale, resource: Overriding['resource']): string {
  const t = accountTexts(locale)
  if (resource === null || resource.type === 'Service') return t('account.overrides.all')
  const { type, id } = resource
  if (type === 'Person') return t('account.overrides.on.account')
  return type === 'Election'
    ? `${t('account.overrides.on.election')} ${id}`
    : `${t('account.overrides.on')} ${type} ${id}`
}
