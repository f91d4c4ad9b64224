import { Fragment, useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import type { Problem } from '@althing/policy/contract'
import { parts, type Part, type Texts } from './policies-api.ts'
import { PolicyFormatting } from './policy-formatting.tsx'

interface Props extends Pick<Console, 'locale'> {
  readonly texts: Texts
  readonly set: (part: Part, text: string) => void
}

const idOf = (part: Part) => `policy-${part}`

/** The policies stand open; what goes with them is folded until somebody needs it. */
export function PolicyTextFields({ locale, texts, set }: Props) {
  const t = adminTexts(locale)
  return parts.map((part) => {
    const area = (
      <textarea
        id={idOf(part)}
        className="input code-field"
        rows={part === 'policies' ? 18 : 10}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        wrap="off"
        aria-label={t('draft.part', { part })}
        aria-describedby={`${idOf(part)}-hint`}
        value={texts[part]}
        onChange={(event) => set(part, event.target.value)}
      />
    )
    const hint = (
      <p className="hint" id={`${idOf(part)}-hint`}>
        {t('draft.part.hint', { part })}
      </p>
    )
    if (part === 'policies')
      return (
        <Fragment key={part}>
          <div className="field">
            <label htmlFor={idOf(part)}>{t('draft.part', { part })}</label>
            {hint}
            {area}
          </div>
          <PolicyFormatting
            locale={locale}
            field={idOf(part)}
            text={texts[part]}
            set={(text) => set(part, text)}
            goTo={show}
          />
        </Fragment>
      )
    return (
      <Fold key={part} title={t('draft.part', { part })} isOpen={texts[part] !== ''}>
        {hint}
        {area}
      </Fold>
    )
  })
}

interface FoldProps {
  readonly title: string
  readonly isOpen: boolean
  readonly children: ReactNode
}

/** As it is found: emptied by hand it does not fold away. */
function Fold({ title, isOpen, children }: FoldProps) {
  const [wasOpen] = useState(isOpen)
  return (
    <details className="fold" open={wasOpen}>
      <summary>
        <h2>{title}</h2>
      </summary>
      <div className="field">{children}</div>
    </details>
  )
}

/** Puts the cursor where something is wrong. */
export function show({ part, line, column }: Problem): void {
  const field = document.getElementById(idOf(part))
  if (!(field instanceof HTMLTextAreaElement) || line === null) return
  const fold = field.closest('details')
  if (fold !== null) fold.open = true
  const lines = field.value.split('\n')
  const begin = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const at = begin + Math.max(0, (column ?? 1) - 1)
  field.focus()
  field.setSelectionRange(at, begin + (lines[line - 1]?.length ?? 0))
  const height = Number.parseFloat(getComputedStyle(field).lineHeight)
  field.scrollTop = Math.max(0, (line - 3) * height)
}
