import { distance } from './format.ts'
import type { Formats } from './format.ts'
import { attributes, html } from './html.ts'
import type { Content, Html } from './html.ts'
import type { Locale } from './locale.ts'
import { sign, table } from './parts.ts'
import { uiTexts } from './ui-texts.ts'

/**
 * A paper with questions, its review, a receipt, a result, a clock: drawn from numbers and words alone, so that a
 * page of either world may use them. In the browser the same class names are written by the islands.
 */

export interface ReviewLine {
  readonly question: Content
  /** What was chosen; nothing means a blank answer. */
  readonly answers: readonly Content[]
  readonly blank: string
  readonly change: { readonly label: string; readonly href: string; readonly describe: string }
}

export function reviewList(lines: readonly ReviewLine[]): Html {
  const answer = ({ answers, blank }: ReviewLine) =>
    answers.length === 0
      ? html`<dd class="blank">${blank}</dd>`
      : answers.map((text) => html`<dd>${text}</dd>`)
  return html`<dl class="review">
    ${lines.map(
      (line) =>
        html`<div><dt>${line.question}</dt>${answer(line)}
<dd class="change"><a${attributes({ href: line.change.href })}>${line.change.label}<span class="visually-hidden"> ${line.change.describe}</span></a></dd></div>`,
    )}
  </dl>`
}

export interface ReceiptCard {
  readonly title: Content
  readonly words: readonly string[]
  readonly wordsLabel: string
  readonly explain: Content
  readonly qr?: Html
  readonly code?: string
  readonly actions?: Content
}

export function receiptCard({ title, words, wordsLabel, explain, qr, code, actions }: ReceiptCard): Html {
  return html`<section class="receipt" aria-labelledby="receipt-title">
<h2 id="receipt-title">${sign('go')}<span>${title}</span></h2>
<ol${attributes({ class: 'words', 'aria-label': wordsLabel })}>${words.map((word) => html`<li>${word}</li>`)}</ol>
<p>${explain}</p>
${qr}
${code && html`<p class="code">${code}</p>`}
${actions && html`<div class="row">${actions}</div>`}
</section>`
}

export interface Bar {
  readonly name: string
  readonly count: number
  /** Of the voters, between 0 and 1. */
  readonly share: number
  readonly chosen?: boolean
}

/** Most first; equal ones by name. Every bar carries its figures, and the same figures are in a table. */
export function resultBars(locale: Locale, formats: Formats, caption: string, bars: readonly Bar[]): Html {
  const t = uiTexts(locale)
  const sorted = sortBars(bars, formats)
  const columns = [
    { title: t('chart.option'), cell: (bar: Bar) => bar.name },
    { title: t('chart.count'), cell: (bar: Bar) => formats.number(bar.count), number: true },
    { title: t('chart.share'), cell: (bar: Bar) => formats.percent(bar.share), number: true },
  ]
  return html`<ol class="bars">
      ${sorted.map(
        (bar) =>
          html`<li${attributes({ class: bar.chosen && 'chosen' })}><span class="bars-name">${bar.name}${
            bar.chosen && html` <span class="soft small">· ${t('bars.chosen')}</span>`
          }</span><span class="bars-figure">${t('bars.line', { count: bar.count, share: formats.percent(bar.share) })}</span>${barDrawing(bar.share)}</li>`,
      )}
    </ol>
    <details>
      <summary>${t('chart.table')}</summary>
      ${table(caption, columns, sorted)}
    </details>`
}

export function sortBars(bars: readonly Bar[], formats: Formats): Bar[] {
  return [...bars].sort((a, b) => b.count - a.count || formats.compare(a.name, b.name))
}

function barDrawing(share: number): Html {
  const width = Math.max(0, Math.min(100, share * 100))
  return html`<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <rect class="bars-track" width="100" height="8" />
    <rect class="bars-fill" width="${width.toFixed(2)}" height="8" />
  </svg>`
}

export interface Step {
  readonly at: Date
  readonly count: number
}

/** The drawing of a stepped line in a box of 600 × 200; the islands use the same geometry. */
export function stepGeometry(points: readonly Step[], until: Date, most: number) {
  const first = points[0]?.at.getTime() ?? until.getTime()
  const span = Math.max(1, until.getTime() - first)
  const x = (at: Date) => Number((((at.getTime() - first) / span) * 600).toFixed(1))
  const y = (count: number) => Number((200 - (count / Math.max(1, most)) * 200).toFixed(1))
  const corners = points.map(({ at, count }) => `H${x(at)}V${y(count)}`).join('')
  const line = `M0 ${y(points[0]?.count ?? 0)}${corners}H600`
  return { line, area: `${line}V200H0Z` }
}

export interface TurnoutProps {
  readonly caption: string
  readonly points: readonly Step[]
  readonly until: Date
  /** How many could be counted at most: the height of the drawing. */
  readonly most: number
}

/** Steps, because between two figures nothing is known. Labelled at its ends; the figures are in a table below. */
export function turnoutLine(locale: Locale, formats: Formats, props: TurnoutProps): Html {
  const { caption, points, until, most } = props
  const t = uiTexts(locale)
  const { line, area } = stepGeometry(points, until, most)
  const last = points.at(-1)?.count ?? 0
  const columns = [
    { title: t('chart.time'), cell: (step: Step) => formats.time(step.at) },
    { title: t('chart.value'), cell: (step: Step) => formats.number(step.count), number: true },
  ]
  return html`<figure class="turnout stack-tight">
    <figcaption class="visually-hidden">${caption}</figcaption>
    <p>
      <span class="count">${formats.number(last)}</span>
      <span class="soft">${t('turnout.of', { most })}</span>
    </p>
    <svg viewBox="0 0 600 200" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path class="turnout-axis" d="M0 0H600M0 200H600" />
      <path class="turnout-area" d="${area}" />
      <path class="turnout-line" d="${line}" />
    </svg>
    <p class="turnout-ends">
      <span>${formats.time(points[0]?.at ?? until)}</span><span>${formats.time(until)}</span>
    </p>
    <details>
      <summary>${t('chart.table')}</summary>
      ${table(caption, columns, points)}
    </details>
  </figure>`
}

/** What is left, in words; `clock-last` in the last minutes. The exact time belongs beside it. */
export function remaining(
  locale: Locale,
  until: Date,
  now: Date,
): { text: string; last: boolean; over: boolean } {
  const t = uiTexts(locale)
  const [n, unit] = distance(until, now)
  if (until <= now) return { text: t('clock.over'), last: false, over: true }
  return {
    text: t(`clock.left.${unit}s`, { n }),
    last: unit === 'second' || (unit === 'minute' && n < 5),
    over: false,
  }
}

/** Written by the server as it is now; web/ui/dom/clock.ts keeps it going where script runs. */
export function countdown(locale: Locale, formats: Formats, until: Date, now: Date): Html {
  const { text, last } = remaining(locale, until, now)
  return html`<span${attributes({ class: last ? 'clock clock-last' : 'clock', 'data-until': until.toISOString() })}><span class="clock-left">${text}</span>
<time class="soft"${attributes({ datetime: until.toISOString() })}>${formats.exact(until)}</time></span>`
}
