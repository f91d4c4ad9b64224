import type { Locale } from '@althing/web-ui/locale.ts'
import { useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { adminTexts } from './admin-texts.ts'
import { Button } from './parts.tsx'
import { tooLong } from './too-long.ts'

export interface Question {
  readonly title: string
  /** The consequence, in a sentence. */
  readonly text: string
  readonly act: string
  /** To be written by hand when it cannot be undone. */
  readonly word?: string
  /** A reason is written down, for whoever looks later: it has to be, or may. */
  readonly asksWhy?: 'needed' | 'optional'
  /** How many letters it has at least, where one must be. */
  readonly leastWhy?: number
  /** The person whom it is about gets a letter, in which something may be said to them. */
  readonly tells?: boolean
  /** What was written here before it was left without an answer. */
  readonly draft?: Draft
  readonly keep?: (draft: Draft) => void
  readonly onYes: (reason: string, told: string) => void
}

export interface Draft {
  readonly reason: string
  readonly told: string
}

interface Props {
  readonly locale: Locale
  readonly question: Question | null
  readonly onClose: () => void
}

/** Asks before what others will notice or nobody can take back. */
export function Confirm({ locale, question, onClose }: Props) {
  return (
    <ModalOverlay
      className="veil"
      isOpen={question !== null}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
    >
      <Modal className="sheet">
        <Dialog className="stack" role="alertdialog">
          {question !== null && <Asking locale={locale} question={question} onClose={onClose} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Asking({ locale, question, onClose }: Props & { readonly question: Question }) {
  const t = adminTexts(locale)
  const [written, setWritten] = useState('')
  const { title, text, act, word, asksWhy, leastWhy = 1, tells = false, onYes } = question
  const [draft, setDraft] = useState<Draft>(question.draft ?? { reason: '', told: '' })
  const { reason, told } = draft
  const write = (next: Draft) => {
    setDraft(next)
    question.keep?.(next)
  }
  const isWritten = word === undefined || written.trim().toLocaleUpperCase() === word
  const long = { reason: tooLong(locale, reason), told: tooLong(locale, told) }
  const isSaid = asksWhy !== 'needed' || reason.trim().length >= leastWhy
  const mayGo = isWritten && isSaid && long.reason === undefined && long.told === undefined
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!mayGo) return
        onClose()
        onYes(reason.trim(), told.trim())
      }}
    >
      <Heading slot="title">{title}</Heading>
      <p>{text}</p>
      {asksWhy && (
        <Words
          id="confirm-reason"
          label={t(`confirm.reason.${asksWhy}`)}
          hint={leastOf(locale, question)}
          error={long.reason}
          isNeeded={asksWhy === 'needed'}
          value={reason}
          set={(words) => write({ ...draft, reason: words })}
        />
      )}
      {tells && (
        <Words
          id="confirm-told"
          label={t('confirm.told')}
          error={long.told}
          value={told}
          set={(words) => write({ ...draft, told: words })}
        />
      )}
      {word !== undefined && (
        <div className="field">
          <label htmlFor="confirm-word">{t('close.type', { word })}</label>
          <input
            id="confirm-word"
            className="input input-short"
            autoComplete="off"
            value={written}
            onChange={(event) => setWritten(event.target.value)}
          />
        </div>
      )}
      <div className="row">
        <Button kind={word === undefined ? 'primary' : 'danger'} busy={!mayGo}>
          {act}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t('confirm.cancel')}
        </Button>
      </div>
    </form>
  )
}

/** A button that waits for a reason says for how much of one. */
function leastOf(locale: Locale, { asksWhy, leastWhy = 1 }: Question): string | undefined {
  if (asksWhy !== 'needed' || leastWhy === 1) return undefined
  return adminTexts(locale)('confirm.reason.least', { least: leastWhy })
}

interface WordsProps {
  readonly id: string
  readonly label: string
  /** What has to be written before anything happens. */
  readonly hint?: string | undefined
  readonly error: string | undefined
  readonly isNeeded?: boolean
  readonly value: string
  readonly set: (value: string) => void
}

function Words({ id, label, hint, error, isNeeded = false, value, set }: WordsProps) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={error === undefined ? 'field' : 'field field-wrong'}>
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <p className={error === undefined ? 'visually-hidden' : 'error'} id={`${id}-error`} role="status">
        {error}
      </p>
      <textarea
        id={id}
        className="input"
        rows={2}
        aria-required={isNeeded}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={described === '' ? undefined : described}
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  )
}
