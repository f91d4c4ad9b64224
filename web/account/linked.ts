import { document } from '@althing/web-ui/document.ts'
import { action, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { exactly, notice } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { LinkedData, LinkedIdentity, LookingIdentity } from './linked-data.ts'
import type { AccountPage } from './pages.ts'
import { section } from './section.ts'

/** Accounts elsewhere that sign me in here: what they are, and taking them away. */
export const linkedPage: AccountPage<LinkedData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { linked, done, problem, backHref } = data
  return document(chrome, {
    title: t('linked.title'),
    failed: problem !== undefined,
    main: html`<p><a href="${backHref}">${t('security.back')}</a></p>
      <h1>${t('linked.title')}</h1>
      ${done && notice(locale, done === 'gone' ? 'stop' : 'go', t(`linked.done.${done}`))}
      ${problem && notice(locale, 'stop', t(`linked.problem.${problem}`))}
      <p class="soft">${t('linked.text')}</p>
      ${
        linked.length === 0
          ? html`<p>${t('linked.none')}</p>`
          : html`<ul class="rows" aria-label="${t('linked.title')}">
              ${linked.map((one) => row(locale, one, data))}
            </ul>`
      }
      ${offered(locale, data)}${looking(locale, data)}`,
  })
}

function row(
  locale: Locale,
  { name, issuer, subject, linkedAt }: LinkedIdentity,
  { actions }: LinkedData,
): Html {
  const called = name ?? new URL(issuer).host
  const href = `${actions.unlink}?${new URLSearchParams({ issuer, subject }).toString()}`
  return rowOf(
    called,
    since(locale, linkedAt),
    linkButton(which(accountTexts(locale)('linked.remove'), called), href),
  )
}

/** Whose it is, since when, and what removes it. */
const rowOf = (called: string, facts: Html, remove: Html): Html =>
  html`<li>
    <div class="rows-main">
      <p><strong>${called}</strong></p>
      <p class="soft small">${facts}</p>
    </div>
    ${remove}
  </li>`

/** Says to a reader which one. */
const which = (label: string, called: string): Html =>
  html`${label}<span class="visually-hidden"> ${called}</span>`

const since = (locale: Locale, at: Date): Html =>
  html`${accountTexts(locale)('linked.since')} ${exactly(at, { locale }, 'date')}`

function offered(locale: Locale, { offered: all, csrf, actions }: LinkedData): Html | null {
  const t = accountTexts(locale)
  if (all.length === 0) return null
  return section(
    'offered',
    t('linked.add'),
    html`<div class="row">
      ${all.map(({ id, name }) => action(name, { action: actions.link, csrf, id: `link-${id}`, hidden: { connector: id } }, { kind: 'secondary' }))}
    </div>`,
  )
}

/** Whose tokens are taken for mine while the organisation moves over: to look, and for nothing else. */
function looking(locale: Locale, data: LinkedData): Html | null {
  const t = accountTexts(locale)
  if (data.looking.length === 0) return null
  return section(
    'looking',
    t('looking.title'),
    html`<p class="soft">${t('looking.text')}</p>
      <ul class="rows">
        ${data.looking.map((one) => looker(locale, one, data))}
      </ul>`,
  )
}

function looker(
  locale: Locale,
  { id, name, issuer, linkedAt, signedInAt }: LookingIdentity,
  { csrf, actions }: LinkedData,
): Html {
  const t = accountTexts(locale)
  const came = signedInAt && html`, ${t('looking.came')} ${exactly(signedInAt, { locale }, 'dateTime')}`
  const called = name ?? new URL(issuer).host
  const form = { action: actions.unlook, csrf, hidden: { id } }
  return rowOf(
    called,
    html`${since(locale, linkedAt)}${came}`,
    action(which(t('looking.remove'), called), form, { kind: 'secondary' }),
  )
}
