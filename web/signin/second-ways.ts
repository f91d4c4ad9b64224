import { document } from '@althing/web-ui/document.ts'
import { form } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notice } from '@althing/web-ui/parts.ts'
import type { CodeWay, SigninPage, WaysData } from './pages.ts'
import { problemNotice } from './problems.ts'
import { signinTexts } from './signin-texts.ts'
import { links, passkeyForm } from './ways.ts'

/** Which second step: each with what it takes. Only pressing a button sends anything. */
export const waysPage: SigninPage<WaysData> = (chrome, data) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const { codes, isSameMailbox, applicationHref, enterHref, otherHref, passkey, problem } = data
  const hasNone = codes.length === 0 && applicationHref === undefined
  return document(chrome, {
    title: t('ways.title'),
    width: 'narrow',
    scripts: ['signin/main.js'],
    failed: problem !== undefined,
    main: html`${problemNotice(locale, problem)}
      <div class="stack-tight">
        <h1>${t('ways.title')}</h1>
        <p class="soft">${t(hasNone ? 'ways.none' : 'ways.text')}</p>
      </div>
      ${isSameMailbox && notice(locale, 'info', t('ways.mailbox'))}
      ${
        !hasNone &&
        html`<ul class="doors">
          ${
            applicationHref !== undefined &&
            html`<li class="door">
              <a href="${applicationHref}">${t('ways.application')}</a
              ><span class="door-more soft">${t('ways.application.text')}</span>
            </li>`
          }
          ${codes.map((way) => sent(locale, way, data))}
        </ul>`
      }
      ${passkey && passkeyForm(locale, passkey)}
      ${links([
        [t('ways.enter'), enterHref],
        [t('code.other'), otherHref],
      ])}`,
  })
}

function sent(locale: Locale, { channel, to }: CodeWay, { action, csrf, hidden }: WaysData): Html {
  const t = signinTexts(locale)
  const target = {
    action,
    csrf,
    hidden: { ...hidden, channel },
    id: `send-${channel}`,
    className: 'door-form',
  }
  return html`<li class="door">
    ${form(target, html`<button type="submit" class="door-button">${t(`ways.${channel}`)}</button>`)}<span
      class="door-more soft"
      >${t(`ways.to.${channel}`, { to })}</span
    >
  </li>`
}
