import { document } from '@althing/web-ui/document.ts'
import type { Chrome } from '@althing/web-ui/document.ts'
import { linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { doors, exactly, notice } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, HomeData } from './pages.ts'
import { waiting } from './waiting.ts'

/** What can I do here? What waits comes first, then the places, and nothing that this person may not enter. */
export const homePage: AccountPage<HomeData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const main = data.person ? inside(chrome, data, data.person.name) : outside(locale, data)
  return document(chrome, { title: t('nav.home'), main })
}

function outside(locale: Locale, { signInHref }: HomeData): Html {
  const t = accountTexts(locale)
  return html`<div class="stack-tight">
      <h1>${t('home.guest.title')}</h1>
      <p class="lead">${t('home.guest.text')}</p>
    </div>
    <div class="row">${linkButton(t('home.signIn'), signInHref, { kind: 'primary' })}</div>`
}

function inside(
  { locale, person }: Chrome,
  { openVotes = 0, places, erasure, timeZone }: HomeData,
  name: string,
): Html {
  const t = accountTexts(locale)
  const rooms = (['votes', 'account', 'elections', 'admin'] as const).flatMap((room) => {
    const href = places[room]
    return href === undefined ? [] : [{ label: t(`home.${room}`), href, text: t(`home.${room}.text`) }]
  })
  const leaving =
    erasure &&
    html`${t('privacy.erase.due')} ${exactly(erasure.due, { locale, timeZone }, 'date')}.
      ${t('privacy.erase.until')} <a href="${erasure.keepHref}">${t('home.erasure.go')}</a>`
  return html`<h1>${t('home.title', { name: givenName(name) })}</h1>
    ${person?.waiting && waiting(locale, person.waiting)} ${leaving && notice(locale, 'wait', leaving)}
    ${openVotes > 0 && places.votes && notice(locale, 'info', html`<a href="${places.votes}">${t('home.open.go')}</a>`, t('home.open', { count: openVotes }))}
    ${doors(rooms)}`
}

/** People here are called by their given name; the rest of a name is a father or mother, not a surname. */
function givenName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name
}
