/** @jsxImportSource preact */
import { createFormats } from '../format.ts'
import type { Locale } from '../locale.ts'
import { uiTexts } from '../ui-texts.ts'
import { Said, sayOne } from './parts.tsx'

export interface Bar {
  readonly id: string
  readonly name: { readonly is?: string | undefined; readonly en?: string | undefined }
  readonly count: number
  /** Between 0 and 1. */
  readonly share: number
  readonly chosen: boolean
}

/** Most first; equal ones by name. The same figures stand in a table, one tap away. */
export function Bars({ locale, bars }: { readonly locale: Locale; readonly bars: readonly Bar[] }) {
  const t = uiTexts(locale)
  const formats = createFormats(locale)
  const sorted = [...bars].sort(
    (a, b) => b.count - a.count || formats.compare(sayOne(a.name, locale), sayOne(b.name, locale)),
  )
  return (
    <div class="stack-tight">
      <ol class="bars">
        {sorted.map(({ id, name, count, share, chosen }) => (
          <li key={id} class={chosen ? 'chosen' : undefined}>
            <span class="bars-name">
              <Said text={name} locale={locale} />
              {chosen && <span class="soft small"> · {t('bars.chosen')}</span>}
            </span>
            <span class="bars-figure">{t('bars.line', { count, share: formats.percent(share) })}</span>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
              <rect class="bars-track" width="100" height="8" />
              <rect class="bars-fill" width={(share * 100).toFixed(2)} height="8" />
            </svg>
          </li>
        ))}
      </ol>
      <details>
        <summary>{t('chart.table')}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('chart.option')}</th>
              <th scope="col" class="number">
                {t('chart.count')}
              </th>
              <th scope="col" class="number">
                {t('chart.share')}
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(({ id, name, count, share }) => (
              <tr key={id}>
                <th scope="row">
                  <Said text={name} locale={locale} />
                </th>
                <td class="number">{formats.number(count)}</td>
                <td class="number">{formats.percent(share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}
