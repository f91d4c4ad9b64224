import { Refused } from '@althing/web-ui/dom/http.ts'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Notice, Pill } from './parts.tsx'
import type { Difference, DraftHead } from './policies-api.ts'
import { fieldErrorsOf, ProblemNotice } from './problem.tsx'
import { Whose, type Names } from './whose.tsx'

export const room = 'policies'

interface WhoProps extends Pick<Console, 'locale' | 'go'> {
  /** As the audit log names them: `person:acc_…`, `operator:root`, `service:policy`. */
  readonly actor: string
  readonly names: Names
}

export const accountOf = (actor: string | null): string | null =>
  actor?.startsWith('person:') ? actor.slice('person:'.length) : null

export function Who({ locale, go, actor, names }: WhoProps) {
  const account = accountOf(actor)
  if (account === null) return <>{adminTexts(locale)('policies.by', { kind: actor.split(':')[0] ?? '' })}</>
  return <Whose locale={locale} go={go} account={account} names={names} />
}

export function DraftStanding({
  locale,
  draft: { state, proposedBy, revision },
  inForce,
}: Pick<Console, 'locale'> & { readonly draft: DraftHead; readonly inForce?: number }) {
  const t = adminTexts(locale)
  if (state === 'activated' && inForce !== undefined && inForce !== revision)
    return <Pill tone="plain">{t('draft.wasActivated', { revision: revision ?? 0 })}</Pill>
  if (state === 'activated') return <Pill tone="go">{t('draft.activated', { revision: revision ?? 0 })}</Pill>
  if (state === 'withdrawn') return <Pill tone="plain">{t('draft.withdrawn')}</Pill>
  return proposedBy === null ? (
    <Pill tone="plain">{t('draft.written')}</Pill>
  ) : (
    <Pill tone="wait">{t('draft.proposed')}</Pill>
  )
}

interface PolicyProblemProps extends Pick<Console, 'locale'> {
  readonly error: unknown
  /** Where asking once more is all that there is to do. */
  readonly again?: () => void
}

/** What went wrong, where, and the way to a second factor when that is what is missing: it leads back to this page. */
export function PolicyProblem({ locale, error, again }: PolicyProblemProps) {
  if (error instanceof Refused && error.code === 'policy.proof.needed')
    return <Proof locale={locale} hasOne={error.body['has_shown'] === true} />
  const fields = isSaidThere(error) ? [] : fieldErrorsOf(error).filter(({ pointer }) => !isOfFilter(pointer))
  return (
    <>
      <ProblemNotice locale={locale} error={error} {...(again === undefined ? {} : { again })} />
      {fields.length > 0 && (
        <ul className="stack-tight wraps">
          {fields.map(({ pointer, message }) => (
            <li key={pointer + message}>
              {placeIn(pointer) !== null && <code>{placeIn(pointer)}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** The way to a second step is for those who have none; whoever comes back from it has only to sign in with it. */
function Proof({ locale, hasOne }: Pick<Console, 'locale'> & { readonly hasOne: boolean }) {
  const t = adminTexts(locale)
  const to = encodeURIComponent(location.pathname + location.search)
  return (
    <Notice tone="wait" title={t('proof.title')}>
      <p>{t('proof.text')}</p>
      <div className="row">
        <a className="button button-primary" href={`/session/login?proof=fresh&return=${to}`}>
          {t('proof.act')}
        </a>
        {!hasOne && <a href={`/account/two-step?return=${to}`}>{t('proof.none')}</a>}
      </div>
    </Notice>
  )
}

/** What is looked for is mended at its field. */
const isOfFilter = (pointer: string): boolean => pointer.startsWith('/query/')

/** Where something stands in what people write; how a question to a service is built says nothing to them. */
const placeIn = (pointer: string): string | null =>
  /^\/(policies|schema|tests|links)\//.test(pointer) ? pointer.slice(1) : null

/** What is wrong with a draft stands on its page, in the language of whoever reads it. */
const isSaidThere = (error: unknown): boolean =>
  error instanceof Refused && /^policy\.(drafts|publish)\.(unfit|failing|taken)$/.test(error.code)

interface DifferencesProps extends Pick<Console, 'locale'> {
  readonly parts: readonly Difference[]
}

/** Signs stand before the lines, and readers hear the words: colour alone says nothing. */
export function Differences({ locale, parts }: DifferencesProps) {
  const t = adminTexts(locale)
  if (parts.length === 0) return <p role="status">{t('diff.none')}</p>
  return parts.map(({ part, hunks }) => (
    <figure key={part} className="stack-tight">
      <figcaption>
        <strong>{t('draft.part', { part })}</strong>
      </figcaption>
      <pre className="snippet diff" tabIndex={0} aria-label={t('draft.part', { part })}>
        {hunks.map(({ from, to, lines }) => (
          <code key={`${from} ${to}`}>
            <span className="diff-at">{t('diff.at', { line: to })}</span>
            {lines.map((line, n) => (
              <Line key={n} locale={locale} line={line} />
            ))}
          </code>
        ))}
      </pre>
    </figure>
  ))
}

const signs = { same: ' ', gone: '−', new: '+' } as const

function Line({
  locale,
  line: { is, text },
}: Pick<Console, 'locale'> & { readonly line: Difference['hunks'][number]['lines'][number] }) {
  const t = adminTexts(locale)
  return (
    <span className={`diff-line diff-${is}`}>
      <span aria-hidden="true">{signs[is]} </span>
      {is !== 'same' && <span className="visually-hidden">{t(`diff.${is}`)}: </span>}
      {text}
    </span>
  )
}
