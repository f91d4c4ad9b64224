import { document } from '@althing/web-ui/document.ts'
import { button, form, linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { LeavingData, SignedOutData, SignOutData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** Asked when another site sent the person here: a link alone must not be able to sign anybody out. */
export const signOutPage: SigninPage<SignOutData> = (
  chrome,
  { person, client, stayHref, action, csrf, hidden = {} },
) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('signOut.title'),
    width: 'narrow',
    main: html`<h1>${t('signOut.title')}</h1>
      <div class="stack-tight">
        ${client && html`<p>${t('signOut.client', { client })}</p>`}
        ${person && html`<p class="soft">${t('signOut.text', { name: person })}</p>`}
      </div>
      <div class="stack">
        ${form({ action, csrf, hidden, id: 'sign-out' }, button(t('signOut.button'), { wide: true }))}
        ${linkButton(t('signOut.stay'), stayHref, { wide: true })}
      </div>`,
  })
}

export const signedOutPage: SigninPage<SignedOutData> = (chrome, { signInHref, homeHref, back }) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('signedOut.title'),
    width: 'narrow',
    main: html`<div class="stack-tight">
        <h1>${t('signedOut.title')}</h1>
        <p class="lead">${t('signedOut.text')}</p>
      </div>
      <div class="row">
        ${
          back === undefined
            ? linkButton(t('signedOut.button'), signInHref, { kind: 'primary' })
            : linkButton(t('signedOut.back', { client: back.client }), back.href, { kind: 'primary' })
        }
        <a href="${homeHref}">${t('signedOut.home')}</a>
      </div>`,
  })
}

/** Each frame is an application that hears of it; the page goes on after a moment, and by its link at once. */
export const leavingPage: SigninPage<LeavingData> = (chrome, { frames, nextHref }) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('leaving.title'),
    width: 'narrow',
    main: html`<div class="stack-tight">
        <h1>${t('leaving.title')}</h1>
        <p class="lead">${t('leaving.text')}</p>
      </div>
      ${frames.map(
        (frame) =>
          html`<iframe
            src="${frame}"
            title="${t('leaving.frame')}"
            sandbox="allow-same-origin allow-scripts"
            hidden
          ></iframe>`,
      )}
      ${linkButton(t('leaving.next'), nextHref, { kind: 'primary' })}`,
  })
}
