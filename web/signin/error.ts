import { document } from '@althing/web-ui/document.ts'
import { linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { SigninPage } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

export interface ErrorData {
  readonly kind:
    | 'expired'
    | 'answered'
    | 'used'
    | 'activated'
    | 'address'
    | 'malformed'
    | 'tampered'
    | 'client'
    | 'unknown'
  /** Of a form that did not arrive whole: what was not right, by the names of its fields. */
  readonly fields?: readonly string[]
  /** Find it in the log by this. */
  readonly reference?: string
  readonly againHref?: string
  readonly homeHref?: string
  /** Whose question it was, and its own page. */
  readonly client?: { readonly name: string; readonly href: string | undefined }
}

/** What the button is called where it does not begin anew. */
const again: Readonly<Partial<Record<ErrorData['kind'], 'link' | 'signIn' | 'back'>>> = {
  used: 'link',
  activated: 'signIn',
  malformed: 'back',
}

/** The conversation cannot go on: what happened, that nothing was done, and where to begin again. */
export const errorPage: SigninPage<ErrorData> = (
  chrome,
  { kind, fields = [], reference, againHref, homeHref, client },
) => {
  const t = signinTexts(chrome.locale)
  return document(chrome, {
    title: t(`error.${kind}.title`),
    width: 'narrow',
    failed: true,
    main: html`<div class="stack">
        <h1>${t(`error.${kind}.title`)}</h1>
        <p>${t(`error.${kind}`, { client: client?.name ?? '' })}</p>
        ${
          fields.length > 0 &&
          html`<ul>
            ${[...new Set(fields.map((field) => t('error.field', { field })))].map((name) => html`<li>${name}</li>`)}
          </ul>`
        }
        ${reference && html`<p class="soft small">${t('error.reference')}: <code>${reference}</code></p>`}
      </div>
      <div class="row">
        ${client?.href && linkButton(t('error.again.client', { client: client.name }), client.href, { kind: 'primary' })}
        ${againHref && linkButton(t(`error.again.${again[kind] ?? 'start'}`), againHref, { kind: 'primary' })}
        ${kind === 'used' && againHref !== '/sign-in' && html`<a href="/sign-in">${t('error.again.signIn')}</a>`}
        ${homeHref && html`<a href="${homeHref}">${t('error.home')}</a>`}
      </div>`,
  })
}
