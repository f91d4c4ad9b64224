import { document } from '@althing/web-ui/document.ts'
import { linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import { accountTexts } from './account-texts.ts'
import type { AccountPage, ProblemData } from './pages.ts'

/** The page is not there, or not for this person, or we are at fault: in a sentence, with a way out. */
export const problemPage: AccountPage<ProblemData> = (chrome, { kind, reference, homeHref }) => {
  const t = accountTexts(chrome.locale)
  return document(chrome, {
    title: t(`${kind}.title`),
    failed: kind === 'bug' || kind === 'unavailable',
    main: html`<div class="stack">
        <h1>${t(`${kind}.title`)}</h1>
        <p class="lead">${t(`${kind}.text`)}</p>
        ${reference && html`<p class="soft small">${t('problem.reference')}: <code>${reference}</code></p>`}
      </div>
      <div class="row">${linkButton(t('problem.home'), homeHref)}</div>`,
  })
}
