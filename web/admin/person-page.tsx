import type { AccountDetail, LoginTry } from '@althing/identity/contract'
import { wayOf } from '@althing/web-ui/way.ts'
import { useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { CopyButton } from './copy-button.tsx'
import { Deliveries } from './deliveries.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { type Column, Facts, Notice, PageHeading, Pill, StackedTable } from './parts.tsx'
import { isNotThere, NotThere } from './not-there.tsx'
import * as api from './people-api.ts'
import { PersonActs, useRanksAbove, type Verb } from './person-acts.tsx'
import { rolesIn, Status } from './people-page.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { Timeline } from './timeline.tsx'
import { useToldHere } from './told-there.ts'
import { useNames, Whose } from './whose.tsx'
import { useMay, useRooms } from './standing.ts'

/** One person: how they prove who they are, where they are signed in, who tried, and what an administrator can do about it. */
export function PersonPage({ id, locale, go }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value: person, error, busy, act } = useLoaded(() => api.person(id), [id])
  const [done, setDone] = useState<Verb | null>(null)
  const roles = useToldHere()
  const [paper, setPaper] = useCarried<api.Paper | null>('paper-code', () => null)
  const work: Record<Verb, (reason: string, told: string) => Promise<unknown>> = {
    invite: () => api.invite(id),
    paper: () => api.paperCode(id).then(setPaper),
    signOut: () => api.signOut(id),
    reset: (reason) => api.resetFactors(id, reason),
    suspend: (reason, told) => api.setStatus(id, 'suspended', { reason, told }),
    ban: (reason, told) => api.setStatus(id, 'banned', { reason, told }),
    reinstate: (reason, told) => api.setStatus(id, 'active', { reason, told }),
  }
  if (person === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  const start = (verb: Verb, reason = '', told = '') =>
    act(() => work[verb](reason, told).then(() => setDone(verb)))
  return (
    <>
      <p>
        <Go to="/admin/people" go={go}>
          {t('people.all')}
        </Go>
      </p>
      <ProblemNotice locale={locale} error={error} />
      {person !== null && (
        <>
          <div className="row">
            <PageHeading>{person.name}</PageHeading>
            <Status locale={locale} status={person.status} />
          </div>
          {person.erasedAt !== null && (
            <Notice tone="wait" title={t('person.erased')}>
              <At locale={locale} at={person.erasedAt} />
            </Notice>
          )}
          {done !== null && error === null && <Notice tone="go" title={t(`person.done.${done}`)} />}
          {roles !== null && done === null && error === null && (
            <Notice tone="go" title={t('person.done.roles', { what: roles })} />
          )}
          {paper !== null && <PaperCode locale={locale} paper={paper} />}
          <About locale={locale} person={person} />
          <PersonActs locale={locale} person={person} busy={busy} start={start} done={done} />
          <Roles locale={locale} go={go} person={person} />
          <Sessions locale={locale} person={person} />
          <Timeline key={`happened ${done ?? ''}`} locale={locale} go={go} id={id} />
          <Letters key={done} locale={locale} go={go} id={id} />
        </>
      )}
    </>
  )
}

/** Nobody changes what they may themselves, nor what somebody may who does not rank below them, nor what somebody may who is about to be forgotten. */
function Roles({ locale, go, person }: Pick<Console, 'locale' | 'go'> & { readonly person: AccountDetail }) {
  const may = useMay()
  const isAbove = useRanksAbove(person)
  if (person.isOneself || !isAbove || person.erasedAt !== null || !may('users.set-roles')) return null
  return (
    <p>
      <Go to={`/admin/people/${person.id}/edit`} go={go}>
        {adminTexts(locale)('roles.change')}
      </Go>
    </p>
  )
}

/** "I never got the mail" is asked most often: what went to this person, and what became of it. */
function Letters({ locale, go, id }: Pick<Console, 'locale' | 'go'> & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value, error } = useLoaded(() => api.deliveries({ account: id, state: '', before: '' }), [id])
  const isMailOpen = useRooms().includes('mail')
  return (
    <Section title={t('person.letters')}>
      <ProblemNotice locale={locale} error={error} />
      {value !== null && <Deliveries locale={locale} deliveries={value.deliveries} />}
      {isMailOpen && (
        <p>
          <Go to="/admin/mail" go={go}>
            {t('person.letters.all')}
          </Go>
        </p>
      )}
    </Section>
  )
}

interface PartProps {
  readonly locale: Console['locale']
  readonly person: AccountDetail
}

function About({ locale, person }: PartProps) {
  const t = adminTexts(locale)
  const { email, emailProven, phone, roles, factors, hasNationalId } = person
  const ways = [
    ...(factors.password ? [t('person.way.password')] : []),
    ...(factors.codesLeft === null ? [] : [t('person.way.codes', { count: factors.codesLeft })]),
    ...factors.mailedCodes.map((channel) => t(`person.way.code.${channel}`)),
    ...(factors.passkeys === 0 ? [] : [t('person.way.passkeys', { count: factors.passkeys })]),
    ...(factors.electronicId ? [t('person.way.eid')] : []),
  ]
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      t('col.email'),
      email === null ? t('none') : `${email}${emailProven ? '' : ` (${t('person.unproven')})`}`,
    ],
    [t('person.phone'), phone ?? t('none')],
    [t('person.kennitala'), t(hasNationalId ? 'person.onRecord' : 'none')],
    [t('col.roles'), rolesIn(locale, roles) || t('person.roles.none')],
    [t('person.ways'), ways.join(', ') || t('person.ways.none')],
  ]
  return <Facts rows={rows} />
}

function Sessions({ locale, person: { sessions } }: PartProps) {
  const t = adminTexts(locale)
  return (
    <Section title={t('person.sessions')}>
      {sessions.length === 0 ? (
        <p className="soft">{t('person.sessions.none')}</p>
      ) : (
        <ul className="rows" aria-label={t('person.sessions')}>
          {sessions.map(({ method, device, seenAt }) => (
            <li key={`${device}${seenAt}`}>
              <div className="rows-main">
                <p>
                  <strong>{device}</strong>
                </p>
                <p className="soft small">
                  {t('how', wayOf(method))}, <At locale={locale} at={seenAt} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

/** To be read out or written down now: nobody can show it again. */
function PaperCode({ locale, paper: { code, until } }: { locale: Console['locale']; paper: api.Paper }) {
  const t = adminTexts(locale)
  return (
    <Notice tone="wait" title={t('paper.title')}>
      <p>
        <code className="code-block">{code}</code>
      </p>
      <CopyButton locale={locale} what={t('paper.code')} text={code} />
      <p>
        {t('paper.text', { host: `${location.host}/activate` })} <At locale={locale} at={until} />
      </p>
    </Notice>
  )
}

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="section stack" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

const results = { in: 'plain', step: 'plain', refused: 'stop' } as const

interface TriesProps extends Pick<Console, 'locale'> {
  readonly tries: readonly LoginTry[]
  /** Where everybody's tries stand together, each leads to its person. */
  readonly go?: Console['go']
}

export function Tries({ locale, tries, go }: TriesProps) {
  const t = adminTexts(locale)
  const names = useNames(go === undefined ? [] : tries.map(({ account }) => account))
  if (tries.length === 0) return <p className="soft">{t('tries.none')}</p>
  const columns: readonly Column<LoginTry>[] = [
    { title: t('col.when'), cell: ({ at }) => <At locale={locale} at={at} /> },
    {
      title: t('col.what'),
      cell: ({ method, result, reason }) => (
        <>
          <Pill tone={results[result]}>{t(`try.${result}`)}</Pill> {t('how', wayOf(method))}
          {reason !== null && <span className="soft">: {t('why', { reason })}</span>}
        </>
      ),
    },
    ...(go === undefined
      ? []
      : [
          {
            title: t('col.who'),
            cell: ({ account }: LoginTry) => (
              <Whose locale={locale} account={account} names={names} go={go} />
            ),
          },
        ]),
    { title: t('col.device'), cell: ({ device }) => device },
    { title: t('col.network'), cell: ({ network }) => network },
  ]
  return <StackedTable label={t('tries.table')} columns={columns} rows={tries} keyOf={({ id }) => id} />
}
