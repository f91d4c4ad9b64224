import type { ConsoleAction } from '@althing/portal/contract'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useMay } from './standing.ts'

interface Props extends Pick<Console, 'locale' | 'go'> {
  /** Something is looked for, or left out: what there is may lie behind that. */
  readonly isNarrowed: boolean
  /** The list itself, with nothing left out. */
  readonly to: string
  /** Said when nothing matches. */
  readonly none: string
  /** Said when there is nothing at all yet: what would stand here, and what to do for it. */
  readonly empty?: {
    readonly title: string
    readonly text: string
    /** Nobody is told to do what they may not. */
    readonly act?: ConsoleAction
  }
}

/** A list without a line is no dead end: it says why, and what to do next. */
export function Nothing({ locale, go, isNarrowed, to, none, empty }: Props) {
  const t = adminTexts(locale)
  const may = useMay()
  if (!isNarrowed && empty !== undefined)
    return (
      <div className="empty">
        <h2>{empty.title}</h2>
        {(empty.act === undefined || may(empty.act)) && <p className="soft">{empty.text}</p>}
      </div>
    )
  return (
    <div className="row" role="status">
      <p>{none}</p>
      {isNarrowed && (
        <Go to={to} go={go}>
          {t('filter.drop')}
        </Go>
      )}
    </div>
  )
}
