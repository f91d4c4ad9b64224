import type { ConsoleAction } from '@althing/portal/contract'
import { useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Confirm, type Question } from './confirm.tsx'
import type { Console } from './go.tsx'
import { Button } from './parts.tsx'
import { Where } from './where.tsx'

interface Props extends Pick<Console, 'locale'> {
  /** Who is kept: an application, or a program. */
  readonly of: { readonly name: string; readonly disabled: boolean }
  readonly words: { readonly disable: string; readonly disableText: string; readonly deleteText: string }
  /** What each of it is to whoever decides who may. */
  readonly acts: Readonly<Record<'enable' | 'disable' | 'remove', ConsoleAction>>
  readonly busy: boolean
  readonly enable: () => void
  readonly disable: () => void
  readonly remove: () => void
  /** What else can be done, before these. */
  readonly children?: ReactNode
}

/** Shut out, let in and deleted: what can be taken back is asked once; what cannot is written by hand. */
export function Keeping({ locale, of, words, acts, busy, enable, disable, remove, children }: Props) {
  const t = adminTexts(locale)
  const [question, setQuestion] = useState<Question | null>(null)
  const { name, disabled } = of
  const askToDisable = () =>
    setQuestion({
      title: t('client.disable.title', { name }),
      text: words.disableText,
      act: words.disable,
      onYes: disable,
    })
  const askToDelete = () =>
    setQuestion({
      title: t('client.delete.title', { name }),
      text: words.deleteText,
      act: t('client.delete'),
      word: t('client.delete.word'),
      onYes: remove,
    })
  return (
    <div className="row">
      {children}
      {disabled ? (
        <Where may={acts.enable}>
          <Button busy={busy} onPress={enable}>
            {t('client.enable')}
          </Button>
        </Where>
      ) : (
        <Where may={acts.disable}>
          <Button busy={busy} kind="danger" onPress={askToDisable}>
            {words.disable}
          </Button>
        </Where>
      )}
      <Where may={acts.remove}>
        <Button busy={busy} kind="danger" onPress={askToDelete}>
          {t('client.delete')}
        </Button>
      </Where>
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </div>
  )
}
