import { adminTexts } from './admin-texts.ts'
import { exportAddress, formats } from './decisions-api.ts'
import type { Console } from './go.tsx'

interface Props extends Pick<Console, 'locale'> {
  /** What the list is narrowed to, as it stands in the address. */
  readonly filter: Readonly<Record<string, string>>
}

/** A link and not a script: however much it is, the browser writes it down as it comes. */
export function Exporting({ locale, filter }: Props) {
  const t = adminTexts(locale)
  return (
    <details className="fold">
      <summary>{t('export.title')}</summary>
      <div className="stack-tight">
        <p>{t('export.text')}</p>
        <div className="row">
          {formats.map((format) => (
            <a
              key={format}
              className="button button-secondary"
              href={exportAddress(filter, format)}
              download={`decisions.${format}`}
            >
              {t(`export.${format}`)}
            </a>
          ))}
        </div>
      </div>
    </details>
  )
}
