import { Fragment, useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { CodeField } from './code-field.tsx'
import type { Console } from './go.tsx'
import type { Place } from './policy-judged.tsx'
import { parts, type Part, type Texts } from './policies-api.ts'
import { PolicyFormatting } from './policy-formatting.tsx'
import { HowToBegin } from './policy-begin.tsx'
import { TestsExample } from './policy-tests-example.tsx'

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
      <CodeField
        id={idOf(part)}
        label={t('draft.part', { part })}
        rows={part === 'policies' ? 18 : 10}
        value={texts[part]}
        set={(text) => set(part, text)}
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
            <HowToBegin locale={locale} />
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
        {part === 'tests' && (
          <TestsExample
            locale={locale}
            {...(texts.tests.trim() === '' ? { take: (text: string) => set('tests', text) } : {})}
          />
        )}
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
export function show({ part, line, column }: Place): void {
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
