import { document } from '@althing/web-ui/document.ts'
import { button, field, form, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { exactly, notice, statusPill, table, when } from '@althing/web-ui/parts.ts'
import { wayOf } from '@althing/web-ui/way.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, Passkey, SecurityData, Tried } from './pages.ts'
import { codesSection } from './codes-section.ts'
import { section } from './section.ts'

/** How I prove who I am, and who has tried to be me. */
export const securityPage: AccountPage<SecurityData> = (chrome, data) => {
  const { locale } = chrome
  const t = accountTexts(locale)
  const { done } = data
  return document(chrome, {
    title: t('security.title'),
    scripts: ['account/main.js'],
    main: html`<p><a href="${data.backHref}">${t('security.back')}</a></p>
      <h1>${t('security.title')}</h1>
      ${done && notice(locale, undone.includes(done) ? 'stop' : 'go', t(`security.done.${done}`))}
      ${passkeys(locale, data)}
      ${password(locale, data)}${twoStep(locale, data)}${codesSection(locale, data)}${activity(locale, data)}`,
  })
}

/** Nothing was done, and why. */
const undone: readonly unknown[] = ['last', 'gone', 'unnamed']

function password(locale: Locale, { hasPassword, canHavePassword }: SecurityData): Html {
  const t = accountTexts(locale)
  const text = hasPassword ? 'has' : canHavePassword ? 'none' : 'impossible'
  return section(
    'password',
    t('security.password'),
    html`<p class="soft">${t(`security.password.${text}`)}</p>
      ${canHavePassword && html`<p>${linkButton(t(hasPassword ? 'security.password.change' : 'security.password.add'), '/account/password')}</p>`}`,
  )
}

function twoStep(locale: Locale, { twoStep: on }: SecurityData): Html {
  const t = accountTexts(locale)
  if (on === null)
    return section(
      'two-step',
      t('security.twoStep'),
      html`<p>${statusPill('plain', t('security.twoStep.off'))}</p>
        <p class="soft">${t('security.twoStep.text')}</p>
        <p>${linkButton(t('security.twoStep.turnOn'), '/account/two-step')}</p>`,
    )
  const few = on.codesLeft < 3
  return section(
    'two-step',
    t('security.twoStep'),
    html`<p>${statusPill('plain', t('security.twoStep.on'))}</p>
      <p class="${few ? '' : 'soft'}">
        ${few && statusPill('wait', t('security.twoStep.few'))}
        ${t('security.twoStep.codes', { count: on.codesLeft })}
      </p>
      <div class="row">
        ${linkButton(t('security.twoStep.newCodes'), '/account/two-step/codes')}
        ${linkButton(t('security.twoStep.turnOff'), '/account/two-step/off', { kind: 'danger' })}
      </div>`,
  )
}

function passkeys(locale: Locale, data: SecurityData): Html {
  const t = accountTexts(locale)
  const none = html`<p class="soft">${t('security.passkeys.none')}</p>`
  const list = html`<ul class="rows" aria-labelledby="passkeys-title">
    ${data.passkeys.map((passkey) => passkeyRow(locale, passkey, data))}
  </ul>`
  return section(
    'passkeys',
    t('security.passkeys'),
    html`<p class="soft">${t('security.passkeys.text')}</p>
      ${data.passkeys.length === 0 ? none : list}
      <p hidden data-needs-passkeys>
        ${linkButton(t('security.passkeys.add'), '/account/passkeys/add', { kind: 'primary' })}
      </p>
      <p class="soft small" data-unsupported>${t('addPasskey.unsupported')}</p>`,
  )
}

function passkeyRow(locale: Locale, passkey: Passkey, { csrf, now, timeZone }: SecurityData): Html {
  const t = accountTexts(locale)
  const { id, name, createdAt, usedAt, synced } = passkey
  const rename = form(
    { action: '/account/passkeys/rename', csrf, hidden: { id }, className: 'stack-tight' },
    field({
      name: 'name',
      id: `name-${id}`,
      label: t('addPasskey.name'),
      value: name,
      autocomplete: 'off',
      maxlength: 60,
    }),
    button(t('security.passkeys.rename'), { kind: 'secondary' }),
  )
  return html`<li>
    <div class="rows-main">
      <p><strong>${name}</strong> ${synced && statusPill('plain', t('security.passkeys.synced'))}</p>
      <p class="soft small">
        ${t('security.passkeys.created')} ${exactly(createdAt, { locale, timeZone }, 'date')},
        ${usedAt === null ? t('security.passkeys.unused') : html`${t('security.passkeys.used')} ${when(usedAt, { locale, now, timeZone })}`}
      </p>
      <details class="more">
        <summary>${t('security.passkeys.rename')}<span class="visually-hidden"> ${name}</span></summary>
        ${rename}
      </details>
    </div>
    ${linkButton(
      html`${t('security.passkeys.remove')}<span class="visually-hidden"> ${name}</span>`,
      `/account/passkeys/remove?${new URLSearchParams({ id }).toString()}`,
    )}
  </li>`
}

function activity(locale: Locale, { activity: tries, timeZone }: SecurityData): Html {
  const t = accountTexts(locale)
  const moment = { locale, timeZone }
  const columns = [
    { title: t('security.activity.when'), cell: ({ at }: Tried) => exactly(at, moment, 'dateTime') },
    { title: t('security.activity.what'), cell: (tried: Tried) => whatOf(locale, tried) },
    { title: t('security.activity.device'), cell: ({ device }: Tried) => device },
  ]
  return section(
    'activity',
    t('security.activity'),
    html`<p class="soft">${t('security.activity.text')}</p>
      ${tries.length > 0 && table(t('security.activity.caption'), columns, tries)}`,
  )
}

function whatOf(locale: Locale, { method, result, isNew }: Tried): Html {
  const t = accountTexts(locale)
  const how = t('security.activity.how', wayOf(method))
  const tone = result === 'refused' ? 'stop' : 'plain'
  return html`${statusPill(tone, t(`security.activity.${result}`))} ${how}
  ${isNew && html`<span class="soft">${t('security.activity.new')}</span>`}`
}
