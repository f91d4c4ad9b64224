import { document } from '@althing/web-ui/document.ts'
import { button, form, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { LinkData, LinkSentData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** The same answer for every address, so that it tells nobody who has an account. */
export const linkSentPage: SigninPage<LinkSentData> = (chrome, { againHref, signInHref }) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('linkSent.title'),
    width: 'narrow',
    main: html`<div class="stack">
        <h1>${t('linkSent.title')}</h1>
        <p class="lead">${t('linkSent.text')}</p>
        <p class="soft">${t('linkSent.device')}</p>
        <p class="soft">${t('linkSent.none')}</p>
      </div>
      <div class="row">
        ${linkButton(t('linkSent.again'), againHref)}
        ${againHref !== signInHref && linkButton(t('recoverAsk.back'), signInHref, { kind: 'quiet' })}
      </div>`,
  })
}

/** Opening the link changes nothing, because scanners of mail open links too: it is the button that signs in, and here. */
export const linkPage: SigninPage<LinkData> = (chrome, { action, csrf, hidden = {}, identifier }) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('link.title'),
    width: 'narrow',
    main: html`<div class="stack-tight">
        <h1>${t('link.title')}</h1>
        <p class="lead">${t('link.text', { identifier })}</p>
        <p class="soft">${t('link.warning')}</p>
      </div>
      <div class="card">
        ${form({ action, csrf, hidden, id: 'use-link' }, button(t('signIn.button'), { wide: true, id: 'use-link-button' }))}
      </div>`,
  })
}
