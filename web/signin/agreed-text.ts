import { document } from '@althing/web-ui/document.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import { notice } from '@althing/web-ui/parts.ts'
import type { AgreedTextData, SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** What people agree to, in the organisation's own words: they write paragraphs, `# ` and `## ` before headings, `- ` before what is in a list. */
export const agreedTextPage: SigninPage<AgreedTextData> = (chrome, { kind, version, text, isInForce }) => {
  const { locale } = chrome
  const t = signinTexts(locale)
  const blocks = text
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
  const [first = ''] = blocks
  const hasTitle = first.startsWith('# ')
  const title = hasTitle ? first.slice(2) : t(`agreement.${kind}.title`)
  return document(chrome, {
    title,
    main: html`<div class="stack-tight">
        <h1>${title}</h1>
        <p class="soft small">${t('agreement.version', { version })}</p>
      </div>
      ${!isInForce && notice(locale, 'wait', t('agreement.old'))}
      <div class="stack">${blocks.slice(hasTitle ? 1 : 0).map(prose)}</div>`,
  })
}

function prose(block: string): Html {
  if (block.startsWith('## ')) return html`<h2>${block.slice(3)}</h2>`
  const lines = block.split('\n')
  if (lines.every((line) => line.startsWith('- ')))
    return html`<ul>
      ${lines.map((line) => html`<li>${line.slice(2)}</li>`)}
    </ul>`
  return html`<p>${lines.join(' ')}</p>`
}
