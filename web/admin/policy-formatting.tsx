import type { Problem } from '@althing/policy/contract'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Button, Notice } from './parts.tsx'
import * as api from './policies-api.ts'
import { Places, type Place } from './policy-judged.tsx'
import { WritingProblem } from './policy-unsaved.tsx'

interface Props extends Pick<Console, 'locale'> {
  /** The id of the field that the text stands in. */
  readonly field: string
  readonly text: string
  readonly set: (text: string) => void
  readonly goTo: (place: Place) => void
}

type Came =
  | { readonly kind: 'done'; readonly before: string; readonly after: string }
  | { readonly kind: 'same' | 'changed' | 'undone' }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }

/** Cedar's own formatter: what cannot be read stays as it is, and so does what somebody has gone on writing. */
export function PolicyFormatting({ locale, field, text, set, goTo }: Props) {
  const t = adminTexts(locale)
  const [came, setCame] = useState<Came | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const format = () => {
    setBusy(true)
    api
      .format(text)
      .then((answer) => (setError(null), setCame(take(answer))), setError)
      .finally(() => setBusy(false))
  }
  const take = ({ text: after, problems }: api.Formatted): Came => {
    if (after === null) return { kind: 'refused', problems }
    if (valueOf(field) !== text) return { kind: 'changed' }
    if (after === text) return { kind: 'same' }
    write(field, after, set)
    return { kind: 'done', before: text, after }
  }
  const undo = (before: string) => {
    write(field, before, set)
    setCame({ kind: 'undone' })
  }
  // What was said of another text is not said any longer.
  const isShown = came?.kind !== 'done' || came.after === text
  return (
    <>
      <div className="row">
        <Button busy={busy} onPress={format}>
          {t(busy ? 'format.doing' : 'format.act')}
        </Button>
        {came?.kind === 'done' && isShown && (
          <Button kind="quiet" onPress={() => undo(came.before)}>
            {t('format.undo')}
          </Button>
        )}
        <span role="status" className="soft">
          {came !== null && came.kind !== 'refused' && isShown && t(`format.${came.kind}`)}
        </span>
      </div>
      <WritingProblem locale={locale} error={error} />
      {came?.kind === 'refused' && (
        <Notice tone="stop" title={t('format.refused')}>
          <Places locale={locale} problems={came.problems} goTo={goTo} />
        </Notice>
      )}
    </>
  )
}

function fieldOf(id: string): HTMLTextAreaElement | null {
  const field = document.getElementById(id)
  return field instanceof HTMLTextAreaElement ? field : null
}
const valueOf = (id: string) => fieldOf(id)?.value

/** As if it had been typed: nothing else gets into what the browser can take back. Where it does not type, it is set. */
function write(id: string, text: string, set: (text: string) => void): void {
  const field = fieldOf(id)
  const focused = document.activeElement
  field?.focus()
  field?.select()
  if (field === null || !document.execCommand('insertText', false, text)) set(text)
  if (focused instanceof HTMLElement) focused.focus()
}
