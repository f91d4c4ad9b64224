/** @jsxImportSource preact */
import type { Question } from '@althing/elections/contract'
import { Said } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { ComponentChildren } from 'preact'
import { boothTexts } from './booth-texts.ts'
import { choose, chooseBlank, markOf, type Lack } from './paper.ts'
import type { Draft } from './place.ts'

interface Props {
  readonly locale: Locale
  readonly question: Question
  readonly draft: Draft
  readonly lack: Lack | null
  readonly onMark: (draft: Draft) => void
}

export const questionId = ({ id }: Question): string => `q-${id}`

/** Ordinary radio buttons and check boxes under large cards; a blank vote is a choice like any other. */
export function QuestionCard({ locale, question, draft, lack, onMark }: Props) {
  const t = boothTexts(locale)
  const id = questionId(question)
  const mark = markOf(draft, question)
  const isOne = question.voting_type === 'single-choice'
  const most = question.max_selections
  return (
    <fieldset class="choices" id={id} aria-describedby={`${id}-hint${lack === null ? '' : ` ${id}-error`}`}>
      <legend>
        <h2>
          <Said text={question.text} locale={locale} />
        </h2>
      </legend>
      <p class="hint" id={`${id}-hint`}>
        {isOne ? t('paper.one') : t('paper.several', { most })}
      </p>
      {lack !== null && (
        <p class="error" id={`${id}-error`}>
          {lack === 'nothing' ? t('paper.nothing') : t('paper.tooMany', { over: mark.options.length - most })}
        </p>
      )}
      {question.options.map((option) => (
        <ChoiceCard
          key={option.id}
          id={`${id}-${option.id}`}
          name={id}
          type={isOne ? 'radio' : 'checkbox'}
          checked={mark.options.includes(option.id)}
          onChange={(chosen) => onMark(choose(draft, question, option.id, chosen))}
          label={<Said text={option.text} locale={locale} />}
        />
      ))}
      <ChoiceCard
        id={`${id}--blank`}
        name={id}
        type={isOne ? 'radio' : 'checkbox'}
        checked={mark.blank}
        onChange={(blank) => onMark(chooseBlank(draft, question, blank))}
        label={t('paper.blank')}
        hint={t('paper.blank.hint')}
      />
      {!isOne && (
        <p class="soft" role="status">
          {t('paper.chosen', { n: mark.options.length, most })}
        </p>
      )}
    </fieldset>
  )
}

interface ChoiceProps {
  readonly id: string
  readonly name: string
  readonly type: 'radio' | 'checkbox'
  readonly checked: boolean
  readonly onChange: (chosen: boolean) => void
  readonly label: ComponentChildren
  readonly hint?: string
}

function ChoiceCard({ id, name, type, checked, onChange, label, hint }: ChoiceProps) {
  return (
    <div class="choice">
      <input
        type={type}
        id={id}
        name={name}
        checked={checked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>
        <span class="choice-label">{label}</span>
        {hint !== undefined && (
          <span class="hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </label>
    </div>
  )
}
