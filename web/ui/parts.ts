import { createFormats } from './format.ts'
import type { Formats } from './format.ts'
import { attributes, html, raw } from './html.ts'
import type { Content, Html } from './html.ts'
import type { Locale } from './locale.ts'
import { uiTexts } from './ui-texts.ts'

/** What a thing is like, in a word, a sign and a colour: never in the colour alone. */
export type Tone = 'info' | 'go' | 'wait' | 'stop' | 'plain'

/** Something the person should know. `live` when it appears in answer to what they just did. */
export function notice(locale: Locale, tone: Exclude<Tone, 'plain'>, body: Content, title?: string): Html {
  const heading = title ?? uiTexts(locale)(`notice.${tone}`)
  const role = tone === 'stop' ? 'alert' : 'status'
  return html`<div${attributes({ class: `notice tone-${tone}`, role })}>
<p class="notice-title">${heading}</p>
<p>${body}</p>
</div>`
}

export const signs: Readonly<Record<Tone, string>> = {
  info: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm-1 6h2v5H7zm0-3h2v2H7z',
  go: 'm6.3 12.9-4.2-4.2 1.8-1.8 2.4 2.4 5.8-5.8 1.8 1.8z',
  wait: 'M8 1 .5 14.5h15zM7 6h2v4H7zm0 5h2v2H7z',
  stop: 'm3.4 2 4.6 4.6L12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z',
  plain: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
}

export function sign(tone: Tone): Html {
  return raw(
    `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path fill="currentColor" d="${signs[tone]}"/></svg>`,
  )
}

export function statusPill(tone: Tone, label: Content): Html {
  return html`<span${attributes({ class: `pill tone-${tone}` })}>${sign(tone)}${label}</span>`
}

/** Names and their values. A value that is missing is left out by the caller, not shown as a dash. */
export function facts(rows: readonly (readonly [name: Content, value: Content])[]): Html {
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

export interface Column<Row> {
  readonly title: Content
  readonly cell: (row: Row) => Content
  readonly number?: boolean
}

/** The first column names the row. Wide tables scroll inside themselves, never the page. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  const head = columns.map(
    ({ title, number }) => html`<th${attributes({ scope: 'col', class: number && 'number' })}>${title}</th>`,
  )
  const cell = (row: Row) => (column: Column<Row>, i: number) =>
    i === 0
      ? html`<th scope="row">${column.cell(row)}</th>`
      : html`<td${attributes({ class: column.number && 'number' })}>${column.cell(row)}</td>`
  return html`<div${attributes({ class: 'table-wrap', role: 'region', 'aria-label': caption, tabindex: 0 })}><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>
        ${columns.map(cell(row))}
      </tr>`,
  )}</tbody>
</table></div>`
}

/** Nothing here yet: what would be here, and the one thing to do about it. */
export function emptyState(title: Content, text: Content, act?: Html): Html {
  return html`<div class="empty">
    <h2>${title}</h2>
    <p class="soft">${text}</p>
    ${act}
  </div>`
}

/** How far along: said in words, drawn as a line. */
export function steps(locale: Locale, step: number, count: number): Html {
  const mark = (i: number) => (i + 1 < step ? 'done' : i + 1 === step ? 'now' : null)
  const marks = Array.from({ length: count }, (_, i) => html`<li${attributes({ class: mark(i) })}></li>`)
  return html`<div class="stack-tight">
    <p class="soft small">${uiTexts(locale)('steps.progress', { step, count })}</p>
    <ol class="steps" aria-hidden="true">
      ${marks}
    </ol>
  </div>`
}

/** A place to go to, and a sentence about what is there. */
export function doors(places: readonly { label: Content; href: string; text: Content }[]): Html {
  return html`<ul class="doors">
    ${places.map(
      ({ label, href, text }) =>
        html`<li class="door"><a${attributes({ href })}>${label}</a><span class="door-more soft">${text}</span></li>`,
    )}
  </ul>`
}

export interface Moment {
  readonly locale: Locale
  readonly now: Date
  readonly timeZone?: string | undefined
}

/** How long from now; the exact time and its zone are behind it. */
export function when(at: Date, moment: Moment): Html {
  const formats = formatsOf(moment)
  return html`<time${attributes({ datetime: at.toISOString(), title: formats.exact(at) })}>${formats.relative(at, moment.now)}</time>`
}

/** The time as it is: with its zone, or without it (then behind it), or only the day. */
export function exactly(
  at: Date,
  moment: Omit<Moment, 'now'>,
  part: 'exact' | 'dateTime' | 'date' = 'exact',
): Html {
  const formats = formatsOf(moment)
  return html`<time${attributes({ datetime: at.toISOString(), title: part === 'exact' ? null : formats.exact(at) })}>${formats[part](at)}</time>`
}

function formatsOf({ locale, timeZone }: Omit<Moment, 'now'>): Formats {
  return createFormats(locale, timeZone)
}
