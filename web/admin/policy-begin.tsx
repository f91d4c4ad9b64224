import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { actions } from './overrides-api.ts'
import { PolicyProblem } from './policy-parts.tsx'

const example = `@id("librarians-lend-books")
@reason("Librarians lend books.")
@reason_is("Bókaverðir lána bækur.")
permit (
  principal in Group::"librarians",
  action == Action::"books.lend",
  resource
);`

/** For whoever has never written one: one policy as it is written, and what can be named in it. */
export function HowToBegin({ locale }: Pick<Console, 'locale'>) {
  const t = adminTexts(locale)
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="fold">
      <summary>{t('begin.title')}</summary>
      <div className="stack-tight">
        <p>{t('begin.text')}</p>
        <pre className="snippet">
          <code>{example}</code>
        </pre>
        <p className="soft">{t('begin.example')}</p>
        <details className="fold" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>{t('begin.actions')}</summary>
          {isOpen && <Actions locale={locale} />}
        </details>
      </div>
    </details>
  )
}

function Actions({ locale }: Pick<Console, 'locale'>) {
  const { value, error } = useLoaded(actions, [])
  return (
    <>
      <PolicyProblem locale={locale} error={error} />
      <ul className="found picks">
        {(value ?? []).map(({ name }) => (
          <li key={name}>
            <code className="wraps">{name}</code>
          </li>
        ))}
      </ul>
    </>
  )
}
