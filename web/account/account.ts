import { document } from '@althing/web-ui/document.ts'
import { action, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { exactly, facts, notice, statusPill, when } from '@althing/web-ui/parts.ts'
import type { Tone } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountData, AccountPage, Membership, Session } from './pages.ts'
import { section } from './section.ts'
import { overrides } from './overrides.ts'
import { waiting } from './waiting.ts'

/** Who am I here, do I belong, and where is my account open: with a way to close it. */
export const accountPage: AccountPage<AccountData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  return document(chrome, {
    title: t('account.title'),
    main: html`<h1>${t('account.title')}</h1>
      ${waiting(locale, { count: data.requests.waiting, href: data.requests.href })}
      ${data.done && notice(locale, data.done === 'session_gone' ? 'stop' : 'go', t(`account.done.${data.done}`))}
      ${erasure(locale, data)}${heldBack(locale, data)}${paused(locale, data)}
      ${aboutMe(locale, data)}${roles(locale, data)}${overrides(locale, data)}${data.membership && membership(locale, data.membership, data)}${votes(locale, data)}${security(locale, data)}${linked(locale, data)}${connected(locale, data)}${sessions(locale, data)}${consents(locale, data)}${privacy(locale, data)}`,
  })
}

function aboutMe(locale: Locale, { person, profileHref }: AccountData): Html {
  const t = accountTexts(locale)
  const none = html`<span class="soft">${t('account.none')}</span>`
  return section(
    'me',
    t('account.me'),
    html`${facts([
        [t('account.name'), person.name],
        [t('account.email'), person.email ?? claimed(locale, person.claimedEmail) ?? none],
        [t('account.phone'), person.phone ?? none],
        [t('account.nationalId'), person.nationalId ?? none],
      ])}
      <p>${linkButton(t('account.profile.link'), profileHref)}</p>`,
  )
}

/** What the office has given them for good; what holds for a while stands below it. */
function roles(locale: Locale, { roles: own }: AccountData): Html | null {
  const t = accountTexts(locale)
  if (own.length === 0) return null
  return section(
    'roles',
    t('account.roles'),
    html`<p class="soft">${t('account.roles.text')}</p>
      ${facts(own.map((role) => [t(`account.role.${role}`), t(`account.role.${role}.may`)]))}`,
  )
}

const claimed = (locale: Locale, address: string | undefined): Html | undefined =>
  address === undefined
    ? undefined
    : html`${address} <span class="soft">(${accountTexts(locale)('account.email.claimed')})</span>`

/** First of all: whoever did not wish it, or wishes it no more, has so long to say so. */
function erasure(locale: Locale, { erasure: open, csrf, actions, timeZone }: AccountData): Html | null {
  const t = accountTexts(locale)
  if (open === undefined) return null
  const text = html`${t('privacy.erase.due')} ${exactly(open.due, { locale, timeZone }, 'date')}.
  ${t('privacy.erase.until')}`
  return html`${notice(locale, 'wait', text)}
  ${action(t('privacy.erase.keep'), { action: actions.keep, csrf, id: 'keep' }, { kind: 'primary' })}`
}

/** Whom no letter reaches learns it where they look: what would warn them does not arrive. */
function heldBack(locale: Locale, { heldBack: held, timeZone }: AccountData): Html | null {
  const t = accountTexts(locale)
  if (held === undefined) return null
  if (held.isUnwanted) return notice(locale, 'wait', t('account.held.unwanted'))
  const again = exactly(held.until, { locale, timeZone }, 'dateTime')
  return notice(locale, 'wait', html`${t('account.held.back')} ${t('account.held.again')} ${again}.`)
}

/** It may have been them; whoever it was not sees here what was tried, and changes what was guessed at. */
function paused(locale: Locale, { paused: last, securityHref, timeZone }: AccountData): Html | null {
  const t = accountTexts(locale)
  if (last === undefined) return null
  const at = exactly(last.at, { locale, timeZone }, 'dateTime')
  return notice(
    locale,
    'wait',
    html`${t('account.paused')} ${at}. <a href="${securityHref}">${t('account.paused.go')}</a>`,
  )
}

const tones: Readonly<Record<Membership['state'], Tone>> = {
  active: 'plain',
  unpaid: 'wait',
  inactive: 'plain',
  unknown: 'wait',
}

function membership(locale: Locale, known: Membership, { timeZone }: AccountData): Html {
  const t = accountTexts(locale)
  const pill = statusPill(tones[known.state], t(`account.membership.${known.state}`))
  if (known.state === 'unknown')
    return section(
      'membership',
      t('account.membership'),
      html`<p>${pill}</p>
        <p class="soft">${t('account.membership.unknown.text')}</p>`,
    )
  const since = known.since && [
    t('account.membership.since'),
    exactly(known.since, { locale, timeZone }, 'date'),
  ]
  return section(
    'membership',
    t('account.membership'),
    facts([
      [t('account.membership.state'), pill],
      ...(since ? [[since[0], since[1]] as const] : []),
      ...(known.phone === undefined ? [] : [[t('account.membership.phone'), known.phone] as const]),
    ]),
  )
}

function votes(locale: Locale, { votesHref }: AccountData): Html {
  const t = accountTexts(locale)
  return section(
    'votes',
    t('account.votes'),
    html`<p class="soft">${t('account.votes.text')}</p>
      <p>${linkButton(t('account.votes.link'), votesHref)}</p>`,
  )
}

function security(locale: Locale, { securityHref }: AccountData): Html {
  const t = accountTexts(locale)
  return section(
    'security',
    t('account.security'),
    html`<p class="soft">${t('account.security.text')}</p>
      <p>${linkButton(t('account.security.link'), securityHref)}</p>`,
  )
}

function linked(locale: Locale, { linkedHref }: AccountData): Html | null {
  const t = accountTexts(locale)
  if (linkedHref === undefined) return null
  return section(
    'linked',
    t('linked.title'),
    html`<p class="soft">${t('linked.text')}</p>
      <p>${linkButton(t('account.linked.link'), linkedHref)}</p>`,
  )
}

function consents(locale: Locale, { consentsHref }: AccountData): Html {
  const t = accountTexts(locale)
  return section(
    'consents',
    t('account.consents'),
    html`<p class="soft">${t('account.consents.text')}</p>
      <p>${linkButton(t('account.consents.link'), consentsHref)}</p>`,
  )
}

function connected(locale: Locale, { connectedHref }: AccountData): Html {
  const t = accountTexts(locale)
  return section(
    'connected',
    t('connected.title'),
    html`<p class="soft">${t('account.connected.text')}</p>
      <p>${linkButton(t('account.connected.link'), connectedHref)}</p>`,
  )
}

function privacy(locale: Locale, { privacyHref }: AccountData): Html {
  const t = accountTexts(locale)
  return section(
    'privacy',
    t('privacy.title'),
    html`<p class="soft">${t('account.privacy.text')}</p>
      <p>${linkButton(t('account.privacy.link'), privacyHref)}</p>`,
  )
}

/** This device first, then the most recently used. */
function sessions(locale: Locale, data: AccountData): Html {
  const t = accountTexts(locale)
  const { csrf, actions } = data
  const ordered = [...data.sessions].sort(
    (a, b) => Number(b.current) - Number(a.current) || b.seenAt.getTime() - a.seenAt.getTime(),
  )
  return section(
    'sessions',
    t('account.sessions'),
    html`<p class="soft">${t('account.sessions.text')}</p>
      <ul class="rows" aria-labelledby="sessions-title">
        ${ordered.map((session) => row(locale, session, data))}
      </ul>
      <div class="stack-tight">
        ${action(t('account.signOutAll'), { action: actions.signOutEverywhere, csrf, id: 'sign-out-everywhere' }, { kind: 'danger' })}
        <p class="soft small">${t('account.signOutAll.text')}</p>
      </div>`,
  )
}

function row(locale: Locale, session: Session, { csrf, actions, now, timeZone }: AccountData): Html {
  const t = accountTexts(locale)
  const { id, device, startedAt, seenAt, method, current } = session
  const end = current
    ? action(t('account.signOut'), { action: actions.signOut, csrf, id: 'sign-out' }, { kind: 'secondary' })
    : action(
        html`${t('account.session.end')}<span class="visually-hidden"> ${device}</span>`,
        { action: actions.endSession, csrf, hidden: { session: id } },
        { kind: 'secondary' },
      )
  const used =
    !current &&
    html`<p class="soft small">${t('account.session.seen')}: ${when(seenAt, { locale, now, timeZone })}</p>`
  return html`<li>
    <div class="rows-main">
      <p><strong>${device}</strong> ${current && statusPill('plain', t('account.session.this'))}</p>
      <p class="soft small">
        ${t('account.session.started')} ${t(`account.session.method.${method}`)},
        ${exactly(startedAt, { locale, timeZone }, 'dateTime')}
      </p>
      ${used}
    </div>
    ${end}
  </li>`
}
