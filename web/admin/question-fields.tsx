import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'
import { BothField, Field } from './fields.tsx'
import { emptyAnswer, idOf, type QuestionForm } from './paper-form.ts'
import { Button } from './parts.tsx'

interface Props {
  readonly locale: Locale
  readonly index: number
  readonly question: QuestionForm
  readonly mistakes: Readonly<Record<string, string>>
  readonly onChange: (question: QuestionForm) => void
  readonly onRemove?: () => void
}

export function QuestionFields(props: Props) {
  const { locale, index, question, mistakes, onChange, onRemove } = props
  const t = adminTexts(locale)
  const id = (...path: readonly (string | number)[]) => idOf('questions', index, ...path)
  const set = (part: Partial<QuestionForm>) => onChange({ ...question, ...part })
  return (
    <fieldset className="card question-form" id={id()}>
      <legend>{t('form.question', { n: index + 1 })}</legend>
      <BothField
        locale={locale}
        id={id('text')}
        label={t('form.question.text')}
        value={question.text}
        error={mistakes[id('text')]}
        onChange={(text) => set({ text })}
      />
      <Type {...props} />
      <Answers {...props} />
      <div className="row">
        {question.answers.length < 50 && (
          <Button onPress={() => set({ answers: [...question.answers, emptyAnswer] })}>
            {t('form.answer.add')}
          </Button>
        )}
        {onRemove !== undefined && (
          <Button kind="quiet" onPress={onRemove}>
            {t('form.question.remove', { n: index + 1 })}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function Type({ locale, index, question, mistakes, onChange }: Props) {
  const t = adminTexts(locale)
  const id = (...path: readonly (string | number)[]) => idOf('questions', index, ...path)
  const set = (part: Partial<QuestionForm>) => onChange({ ...question, ...part })
  return (
    <div className="both">
      <div className="field">
        <label htmlFor={id('voting_type')}>{t('form.type')}</label>
        <select
          id={id('voting_type')}
          className="input"
          value={question.type}
          onChange={(event) => set({ type: event.target.value as QuestionForm['type'] })}
        >
          {(['single-choice', 'multi-choice'] as const).map((type) => (
            <option key={type} value={type}>
              {t(`form.type.${type}`)}
            </option>
          ))}
        </select>
      </div>
      {question.type === 'multi-choice' && (
        <Field
          id={id('max_selections')}
          label={t('form.most')}
          type="number"
          value={question.most}
          error={mistakes[id('max_selections')]}
          onChange={(most) => set({ most })}
        />
      )}
    </div>
  )
}

function Answers({ locale, index, question, mistakes, onChange }: Props) {
  const t = adminTexts(locale)
  const id = (...path: readonly (string | number)[]) => idOf('questions', index, ...path)
  const set = (part: Partial<QuestionForm>) => onChange({ ...question, ...part })
  return (
    <>
      <h3>{t('form.answers')}</h3>
      {question.answers.map((answer, at) => (
        <div className="answer" key={at}>
          <BothField
            locale={locale}
            id={id('answers', at)}
            label={t('form.answer', { n: at + 1 })}
            value={answer}
            error={mistakes[id('answers', at)]}
            onChange={(next) => set({ answers: question.answers.with(at, next) })}
          />
          {question.answers.length > 2 && (
            <Button
              kind="quiet"
              aria-label={t('form.answer.remove', { n: at + 1 })}
              onPress={() => set({ answers: question.answers.filter((_, other) => other !== at) })}
            >
              ✕
            </Button>
          )}
        </div>
      ))}
    </>
  )
}
