import type { QueuedLetter, Suppressed } from '@althing/identity/contract'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Confirm, type Question } from './confirm.tsx'
import { Deliveries } from './deliveries.tsx'
import { withFilter, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Choice, Notice, PageHeading, Pager, Pill, StackedTable, type Column } from './parts.tsx'
import * as api from './people-api.ts'
import { Section } from './person-page.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { useNames, Whose } from './whose.tsx'
import { useMay } from './standing.ts'
import { Where } from './where.tsx'

/** What becomes of letters: what waits and what is held back first, because somebody has to do something about it. */
export function MailPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  return (
    <>
      <PageHeading>{t('room.mail')}</PageHeading>
      <Queue locale={locale} go={go} />
      <HeldBack locale={locale} />
      <Sent locale={locale} go={go} filter={filter} />
    </>
  )
}

type Placed = Pick<Console, 'locale' | 'go'>
const tones = { 'given-up': 'stop', failing: 'wait', waiting: 'plain' } as const

function Queue({ locale, go }: Placed) {
  const t = adminTexts(locale)
  const { value, error, busy, load, act } = useLoaded(api.mailQueue, [])
  const mayResend = useMay()('mail.resend')
  const names = useNames((value?.letters ?? []).map(({ account }) => account))
  const [isDone, setDone] = useState(false)
  const again = (id: string) => {
    setDone(false)
    act(() => api.sendAgain(id).then(() => setDone(true)))
  }
  const columns: readonly Column<QueuedLetter>[] = [
    { title: t('mail.letter'), cell: ({ job }) => t('mail.job', { job: jobWord(job) }) },
    {
      title: t('col.state'),
      cell: ({ state }) => <Pill tone={tones[state]}>{t(`mail.queue.${state}`)}</Pill>,
    },
    { title: t('mail.tries'), number: true, cell: ({ attempts }) => attempts },
    {
      title: t('mail.next'),
      cell: ({ state, nextAt }) =>
        state === 'given-up' ? t('mail.never') : <At locale={locale} at={nextAt} />,
    },
    {
      title: t('col.who'),
      cell: ({ account }) => <Whose locale={locale} go={go} account={account} names={names} />,
    },
  ]
  const acting: Column<QueuedLetter> = {
    title: t('mail.act'),
    cell: ({ id, job, state }) =>
      state === 'waiting' ? null : (
        <Button busy={busy} onPress={() => again(id)}>
          {t('mail.again')}
          <span className="visually-hidden">: {t('mail.job', { job: jobWord(job) })}</span>
        </Button>
      ),
  }
  return (
    <Section title={t('mail.queue')}>
      <ProblemNotice locale={locale} error={error} again={load} />
      {isDone && error === null && <Notice tone="go" title={t('mail.again.done')} />}
      {value?.letters.length === 0 && <p className="soft">{t('mail.queue.none')}</p>}
      {value !== null && value.letters.length > 0 && (
        <StackedTable
          label={t('mail.queue.table')}
          columns={mayResend ? [...columns, acting] : columns}
          rows={value.letters}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  )
}

const jobWord = (job: string) => job.replace('identity.', '').replaceAll('-', '_')

/** Lifting is asked first: whoever called our letters unwanted would get them again. */
function HeldBack({ locale }: Pick<Console, 'locale'>) {
  const t = adminTexts(locale)
  const { value, error, busy, load, act } = useLoaded(api.suppressions, [])
  const [question, setQuestion] = useState<Question | null>(null)
  const [lifted, setLifted] = useState<api.Lifted['carrier'] | null>(null)
  const ask = ({ address, reason }: Suppressed) =>
    setQuestion({
      title: t('mail.lift.title', { address }),
      text: t(`mail.lift.text.${reason}`),
      act: t('mail.lift'),
      onYes: () => act(() => api.lift(address).then(({ carrier }) => setLifted(carrier))),
    })
  return (
    <Section title={t('mail.held')}>
      <p className="soft">{t('mail.held.text')}</p>
      <ProblemNotice locale={locale} error={error} again={load} />
      {lifted !== null && error === null && (
        <Notice tone={lifted === 'kept' ? 'wait' : 'go'} title={t(`mail.lifted.${lifted}`)} />
      )}
      {value?.suppressions.length === 0 && <p className="soft">{t('mail.held.none')}</p>}
      <ul className="rows">
        {value?.suppressions.map((one) => (
          <li key={one.address}>
            <div className="rows-main">
              <p>
                <strong className="wraps">{one.address}</strong>
              </p>
              <p className="soft small">
                {t(`mail.held.${one.reason}`)}, <At locale={locale} at={one.since} />; {t('mail.held.until')}{' '}
                <At locale={locale} at={one.endsAt} />
              </p>
              {one.detail !== null && <p className="small wraps">{one.detail}</p>}
            </div>
            <Where may="mail.lift">
              <Button busy={busy} onPress={() => ask(one)}>
                {t('mail.lift')}
                <span className="visually-hidden">: {one.address}</span>
              </Button>
            </Where>
          </li>
        ))}
      </ul>
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </Section>
  )
}

const states = [
  'failed',
  'refused',
  'suppressed',
  'bounced',
  'dropped',
  'complained',
  'deferred',
  'sent',
  'delivered',
] as const

function Sent({ locale, go, filter }: Placed & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const state = filter.get('state') ?? ''
  const [turned, turn] = useState<readonly string[]>([])
  const before = turned.at(-1) ?? ''
  const { value, error } = useLoaded(() => api.deliveries({ state, before, account: '' }), [state, before])
  const choose = (chosen: string) => {
    turn([])
    go(withFilter('mail', filter, 'state', chosen), 'replace')
  }
  const options = [
    ['', t('filter.all')] as const,
    ...states.map((one) => [one, t(`mail.state.${one}`)] as const),
  ]
  return (
    <Section title={t('mail.sent')}>
      <div className="filters" role="search">
        <Choice id="filter-delivery" label={t('filter')} value={state} set={choose} options={options} />
      </div>
      <ProblemNotice locale={locale} error={error} />
      {value !== null && <Deliveries locale={locale} go={go} deliveries={value.deliveries} />}
      <Pager locale={locale} turned={turned} turn={turn} next={value?.next ?? null} />
    </Section>
  )
}
