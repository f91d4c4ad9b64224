import { document } from '@althing/web-ui/document.ts'
import { linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { NotLinkedData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** The other provider knows them, and we do not know that it is them: what to do, in their own hands. */
export const notLinkedPage: SigninPage<NotLinkedData> = (chrome, { provider, signInHref }) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t('notLinked.title', { provider }),
    width: 'narrow',
    failed: true,
    main: html`<div class="stack">
        <h1>${t('notLinked.title', { provider })}</h1>
        <p class="lead">${t('notLinked.text', { provider })}</p>
      </div>
      <div class="row">${linkButton(t('code.other'), signInHref, { kind: 'primary' })}</div>`,
  })
}
