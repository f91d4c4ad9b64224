import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'

/** A part of a page with its own heading. */
export function section(id: string, title: string, content: Html): Html {
  return html`<section class="section stack" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`
}
