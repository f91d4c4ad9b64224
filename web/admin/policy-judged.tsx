import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Button, Notice } from './parts.tsx'
import type { Problem } from '@althing/policy/contract'
import { Complained } from './policy-complained.tsx'
import type { Judged, Trial } from './policies-api.ts'

/** Where something stands in the text. */
export type Place = Pick<Problem, 'part' | 'line' | 'column'>

interface Props extends Pick<Console, 'locale'> {
  readonly judged: Judged
  /** Absent where the text is only read. */
  readonly goTo?: (place: Place) => void
}

/** What the parser, the validator and the tests say of a draft. */
export function JudgedShown({ locale, judged, goTo }: Props) {
  const t = adminTexts(locale)
  const { problems, warnings, trials, isRight } = judged
  const failing = trials.filter(({ passed }) => !passed)
  return (
    <div className="stack" aria-live="polite">
      {isRight && (
        <Notice tone="go" title={t('check.right')}>
          <p>{t('check.tests', { passed: trials.length })}</p>
        </Notice>
      )}
      {problems.length > 0 && (
        <div className="notice tone-stop">
          <p className="notice-title">{t('check.problems', { count: problems.length })}</p>
          <p>{t('check.problems.text')}</p>
          <Places locale={locale} problems={problems} {...(goTo === undefined ? {} : { goTo })} />
        </div>
      )}
      {failing.length > 0 && (
        <div className="notice tone-stop">
          <p className="notice-title">
            {t('check.failing', { failing: failing.length, all: trials.length })}
          </p>
          <p>{t('check.failing.text')}</p>
          <Trials locale={locale} trials={failing} {...(goTo === undefined ? {} : { goTo })} />
        </div>
      )}
      {warnings.length > 0 && (
        <div className="notice tone-wait">
          <p className="notice-title">{t('check.warnings', { count: warnings.length })}</p>
          <Places locale={locale} problems={warnings} {...(goTo === undefined ? {} : { goTo })} />
        </div>
      )}
      {problems.length === 0 && trials.length > failing.length && (
        <details className="fold">
          <summary>{t('check.passed', { passed: trials.length - failing.length })}</summary>
          <Trials locale={locale} trials={trials.filter(({ passed }) => passed)} />
        </details>
      )}
    </div>
  )
}

interface PlacesProps extends Pick<Console, 'locale'> {
  readonly problems: readonly Problem[]
  readonly goTo?: (place: Place) => void
}

export function Places({ locale, problems, goTo }: PlacesProps) {
  const t = adminTexts(locale)
  return (
    <ul className="rows">
      {problems.map((problem, n) => (
        <li key={n}>
          <div className="rows-main wraps">
            <p className="soft small">{placeOf(locale, problem)}</p>
            <p>
              <Complained locale={locale} problem={problem} />
            </p>
          </div>
          {goTo !== undefined && problem.line !== null && (
            <Button kind="quiet" onPress={() => goTo(problem)}>
              {t('check.goTo')}
              <span className="visually-hidden">: {placeOf(locale, problem)}</span>
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

function placeOf(locale: Console['locale'], { part, policy, line, column }: Problem): string {
  const t = adminTexts(locale)
  return [
    t('draft.part', { part }),
    ...(policy === null ? [] : [policy]),
    ...(line === null ? [] : [t('check.line', { line })]),
    ...(column === null ? [] : [t('check.column', { column })]),
  ].join(' · ')
}

interface TrialsProps extends Pick<Console, 'locale'> {
  readonly trials: readonly Trial[]
  readonly goTo?: (place: Place) => void
}

function Trials({ locale, trials, goTo }: TrialsProps) {
  const t = adminTexts(locale)
  return (
    <ul className="rows">
      {trials.map(({ file, line, name, outcome }) => (
        <li key={`${file} ${line} ${name}`}>
          <div className="rows-main wraps">
            {/* Althing's own cases are written in English; those of an organisation as it likes. */}
            <p lang={file === 'tests' ? undefined : 'en'}>{name}</p>
            {outcome !== null && <Outcome locale={locale} outcome={outcome} />}
            <p className="soft small">
              {file} · {t('check.line', { line })}
            </p>
          </div>
          {/* Althing's own cases are not in the text. */}
          {goTo !== undefined && file === 'tests' && (
            <Button kind="quiet" onPress={() => goTo({ part: 'tests', line, column: null })}>
              {t('check.goTo')}
              <span className="visually-hidden">: {name}</span>
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Outcome({
  locale,
  outcome: { decision, reason, policies, errors },
}: Pick<Console, 'locale'> & { readonly outcome: NonNullable<Trial['outcome']> }) {
  const t = adminTexts(locale)
  const answer = t(decision ? 'decision.allow' : 'decision.deny').toLocaleLowerCase(locale)
  const names = [...policies, ...errors.map(({ policy }) => policy)].join(', ')
  return (
    <>
      <p>{t('check.instead', { answer, reason: reason.replaceAll('-', '_') })}</p>
      {names !== '' && <p>{t('check.instead.by', { names })}</p>}
      {errors.map(({ policy, message }) => (
        <p key={policy} lang="en">
          {message}
        </p>
      ))}
    </>
  )
}
