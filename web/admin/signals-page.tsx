import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useNames, Whose, type Names } from './whose.tsx'
import { withFilter, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Nothing } from './nothing.tsx'
import { Button, Choice, Notice, PageHeading, Pager, Pill, StackedTable, type Column } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'
import * as api from './signals-api.ts'
import { At } from './state.tsx'
import { useMay } from './standing.ts'

const tones = { waiting: 'wait', delivered: 'go', dead: 'stop' } as const

/** What applications were told about people; what they never took is sent again here. */
export function SignalsPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const state = filter.get('state') ?? ''
  const [turned, turn] = useState<readonly string[]>([])
  const [isDone, setDone] = useState(false)
  const mayReplay = useMay()('signals.replay')
  const before = turned.at(-1) ?? ''
  const { value, error, busy, load, act } = useLoaded(() => api.signals({ state, before }), [state, before])
  const names = useNames((value?.deliveries ?? []).map(({ account }) => account))
  const choose = (chosen: string) => {
    turn([])
    setDone(false)
    go(withFilter('signals', filter, 'state', chosen), 'replace')
  }
  const again = (id: string) => {
    setDone(false)
    act(() => api.replay(id).then(() => setDone(true)))
  }
  const states = (['waiting', 'delivered', 'dead'] as const).map((one) => [one, t(`signal.${one}`)] as const)
  return (
    <>
      <PageHeading>{t('room.signals')}</PageHeading>
      <p className="soft">{t('signals.text')}</p>
      <div className="filters" role="search">
        <Choice
          id="filter-signal"
          label={t('filter')}
          value={state}
          set={choose}
          options={[['', t('filter.all')], ...states]}
        />
      </div>
      <ProblemNotice locale={locale} error={error} again={load} />
      {isDone && error === null && <Notice tone="go" title={t('signal.again.done')} />}
      {value?.deliveries.length === 0 && (
        <Nothing
          locale={locale}
          go={go}
          isNarrowed={state !== ''}
          to="/admin/signals"
          none={t('signals.none')}
          empty={{ title: t('signals.none'), text: t('signals.empty.text') }}
        />
      )}
      {value !== null && value.deliveries.length > 0 && (
        <StackedTable
          label={t('signals.table')}
          columns={columnsOf({ locale, go, busy, names, again, mayReplay })}
          rows={value.deliveries}
          keyOf={({ id }) => id}
        />
      )}
      <Pager locale={locale} turned={turned} turn={turn} next={value?.next ?? null} />
    </>
  )
}

interface Acting extends Pick<Console, 'locale' | 'go'> {
  readonly busy: boolean
  readonly names: Names
  readonly again: (id: string) => void
  readonly mayReplay: boolean
}

function columnsOf({ locale, go, busy, names, again, mayReplay }: Acting): readonly Column<api.Signal>[] {
  const t = adminTexts(locale)
  const kind = ({ type }: api.Signal) => t('signal.kind', { kind: kindWord(type) })
  return [
    { title: t('signal.what'), cell: kind },
    {
      title: t('col.state'),
      cell: ({ state, attempts, reason }) => (
        <div>
          <Pill tone={tones[state]}>{t(`signal.${state}`)}</Pill>
          {attempts > 1 && <span className="soft"> {t('mail.times', { tries: attempts })}</span>}
          {reason !== null && <span className="soft small wraps"> {t('signal.why', whyOf(reason))}</span>}
        </div>
      ),
    },
    { title: t('signal.to'), cell: ({ client, method }) => `${client} (${t('signal.way', { method })})` },
    {
      title: t('col.who'),
      cell: ({ account }) =>
        account === null ? (
          t('signal.stream')
        ) : (
          <Whose locale={locale} go={go} account={account} names={names} />
        ),
    },
    { title: t('col.when'), cell: ({ at }) => <At locale={locale} at={at} /> },
    ...(mayReplay
      ? [
          {
            title: t('mail.act'),
            cell: (one: api.Signal) =>
              one.state === 'waiting' ? null : (
                <Button busy={busy} onPress={() => again(one.id)}>
                  {t('signal.again')}
                  <span className="visually-hidden">: {kind(one)}</span>
                </Button>
              ),
          },
        ]
      : []),
  ]
}

/** The last word of the name that a standard gives. */
const kindWord = (type: string): string => (type.split('/').at(-1) ?? type).replaceAll('-', '_')

/** Of what is kept as a reason a word and, where there is one, what the receiver said. */
function whyOf(reason: string): { readonly why: string; readonly said: string } {
  const [why = reason, said = ''] = reason.split(' ')
  return { why, said }
}
