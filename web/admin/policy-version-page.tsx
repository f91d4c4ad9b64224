import { useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Confirm, type Question } from './confirm.tsx'
import { useWritten } from './confirm-written.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Button, Facts, Notice, PageHeading } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './policies-api.ts'
import { Barred, isBarred } from './policy-barred.tsx'
import { accountOf, Differences, PolicyProblem, room, Who } from './policy-parts.tsx'
import { whyOf } from './policy-versions.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { useNames } from './whose.tsx'

type Here = Pick<Console, 'locale' | 'go'>

/** What is different between any two versions. */
export function ComparePage({ locale, go, filter }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const [from, to] = [filter.get('from') ?? '', filter.get('to') ?? '']
  const { value, error } = useLoaded(() => api.difference(from, to), [from, to])
  if (value === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  return (
    <>
      <Back locale={locale} go={go} />
      <PageHeading>{t('compare.title', { from, to })}</PageHeading>
      <ProblemNotice locale={locale} error={error} />
      {value !== null && <Differences locale={locale} parts={value.parts} />}
    </>
  )
}

export function Back({ locale, go }: Here) {
  return (
    <p>
      <Go to={`/admin/${room}`} go={go}>
        {adminTexts(locale)('policies.all')}
      </Go>
    </p>
  )
}

/** @param id of a version, or `current` for the one in force */
async function whole(id: string) {
  const [state, keeper] = await Promise.all([api.state(), api.keeper()])
  const version = await api.version(id === 'current' ? String(state.written) : id)
  // Overrides that came since have changed nothing of what was written.
  const isNow = version.revision >= state.written
  const { parts } = isNow ? { parts: [] } : await api.difference(String(state.written), id)
  return { version, inForce: state.written, isNow, parts, keeper }
}

interface VersionProps extends Console {
  readonly id: string
  /** `policy` names one that is shown where it stands. */
  readonly filter: URLSearchParams
}

/** One version as it was, and the way back to it. */
export function PolicyVersionPage({ locale, go, id, filter }: VersionProps) {
  const t = adminTexts(locale)
  const { value, error, busy, act } = useLoaded(() => whole(id), [id])
  const [question, setQuestion] = useState<Question | null>(null)
  const [came, setCame] = useState<number | null>(null)
  const written = useWritten(`version ${id}`)
  const names = useNames([
    accountOf(value?.version.publishedBy ?? null),
    accountOf(value?.version.proposedBy ?? null),
  ])
  if (value === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  const askBack = () =>
    setQuestion({
      title: t('back.title', { revision: id }),
      text: t('back.text'),
      act: t('back.yes'),
      asksWhy: 'needed',
      leastWhy: 3,
      ...written('back'),
      onYes: (reason) =>
        act(() => api.rollBack(Number(id), reason).then(({ revision }) => setCame(revision))),
    })
  return (
    <>
      <Back locale={locale} go={go} />
      {(value !== null || id !== 'current') && (
        <PageHeading>{t('version.name', { revision: value?.version.revision ?? Number(id) })}</PageHeading>
      )}
      <PolicyProblem locale={locale} error={error} />
      {came !== null && error === null && <Notice tone="go" title={t('back.done', { revision: came })} />}
      {value !== null && (
        <>
          <Facts rows={factsOf({ locale, go }, value, names)} />
          {!value.isNow && isBarred(value.keeper, 'policy.roll-back') && (
            <Barred locale={locale} go={go} keeper={value.keeper} act="policy.roll-back" />
          )}
          {!value.isNow && value.keeper.may('policy.roll-back') && (
            <div className="row">
              <Button busy={busy} kind="danger" onPress={askBack}>
                {t('back.act')}
              </Button>
            </div>
          )}
          {!value.isNow && (
            <Section title={t('back.differs', { revision: value.inForce })}>
              <Differences locale={locale} parts={value.parts} />
            </Section>
          )}
          <PolicyTexts
            locale={locale}
            texts={value.version}
            althing={value.version.source}
            shown={filter.get('policy')}
          />
        </>
      )}
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </>
  )
}

function factsOf(
  here: Here,
  { version, isNow }: Awaited<ReturnType<typeof whole>>,
  names: ReturnType<typeof useNames>,
): readonly (readonly [string, ReactNode])[] {
  const t = adminTexts(here.locale)
  const { publishedAt, publishedBy, proposedBy, isAlone, kind, draft } = version
  return [
    [t('col.state'), t(isNow ? 'version.now' : 'version.before')],
    [t('col.when'), <At key="when" locale={here.locale} at={publishedAt} />],
    [t('version.by'), <Who key="by" {...here} actor={publishedBy} names={names} />],
    ...(proposedBy === null
      ? []
      : [
          [t('draft.proposedBy'), <Who key="proposed" {...here} actor={proposedBy} names={names} />] as const,
        ]),
    [t('version.how'), isAlone ? t('version.alone') : t('version.kind', { kind })],
    [t('version.why'), whyOf(here.locale, version) || t('none')],
    ...(draft === null
      ? []
      : [
          [
            t('version.draft'),
            <Go key="draft" to={`/admin/${room}/${draft}`} go={here.go}>
              {t('version.draft.see')}
            </Go>,
          ] as const,
        ]),
  ]
}

interface TextsProps extends Pick<Console, 'locale'> {
  readonly texts: api.Texts
  readonly althing?: string
  /** The name of a policy that somebody came for. */
  readonly shown?: string | null
}

/** As it was written; what is empty is not shown. */
export function PolicyTexts({ locale, texts, althing = '', shown = null }: TextsProps) {
  const t = adminTexts(locale)
  const all = [...api.parts.map((part) => [part, texts[part]] as const), ['althing', althing] as const]
  const written = all.filter(([, text]) => text.trim() !== '')
  if (written.length === 0) return <p className="soft">{t('version.empty')}</p>
  const place = written.map(([part, text]) => ({ part, ...around(text, part, shown) }))
  return place.map(({ part, before, found, after }) => (
    <details key={part} className="fold" open={found !== ''}>
      <summary>
        <h2>{t('draft.part', { part })}</h2>
      </summary>
      <pre className="snippet" tabIndex={0} aria-label={t('draft.part', { part })}>
        <code>
          {before}
          {found !== '' && <mark ref={intoView}>{found}</mark>}
          {after}
        </code>
      </pre>
    </details>
  ))
}

const intoView = (mark: HTMLElement | null) => mark?.scrollIntoView({ block: 'center' })

const linkId = /\bid:\s*["']?([A-Za-z0-9 ._:/+-]*?)["']?\s*(?:[,}]|$)/

/** Where a policy is named: by its `@id`, or by the id of the link that fills a template. */
function around(text: string, part: string, name: string | null) {
  const is = ([line]: RegExpMatchArray) =>
    name !== null && (part === 'links' ? linkId.exec(line)?.[1] === name : line.includes(`@id("${name}")`))
  const line = part === 'schema' || part === 'tests' ? undefined : [...text.matchAll(/.+/g)].find(is)
  if (line === undefined) return { before: text, found: '', after: '' }
  const end = line.index + line[0].length
  return { before: text.slice(0, line.index), found: line[0], after: text.slice(end) }
}
