/** @jsxImportSource preact */
import { serverClock } from '@althing/web-ui/dom/clock.ts'
import { Heading, Said, Waiting, sayOne } from '@althing/web-ui/island/parts.tsx'
import { useEffect, useState } from 'preact/hooks'
import * as api from './api.ts'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'
import { LoadProblemPage } from './load-problem.tsx'
import { problemOf } from './loading.ts'
import type { Place } from './place.ts'
import { addressOf } from './route.ts'
import { StatePill, Times, TurnoutWords, type Shown } from './state-pill.tsx'

interface Listed {
  readonly elections: readonly Shown[]
  readonly places: readonly Place[]
  readonly now: () => Date
}

/** All that is announced, and what this device can do in each. */
export function ListPage(booth: Booth) {
  const { locale, places, clock } = booth
  const t = boothTexts(locale)
  const [listed, setListed] = useState<Listed | Error | null>(null)
  const load = async () => {
    const sentAt = clock().getTime()
    const elections = await api.elections()
    const said = elections[0]?.server_time
    const now = said === undefined ? clock : serverClock(new Date(said), sentAt, clock().getTime())
    return { elections, places: await places.all().catch(() => []), now }
  }
  const start = () => {
    setListed(null)
    load().then(setListed, (error: unknown) => setListed(error as Error))
  }
  useEffect(start, [])
  if (listed === null) return <Waiting locale={locale} />
  if (listed instanceof Error) return <LoadProblemPage {...booth} problem={problemOf(listed)} again={start} />
  return (
    <>
      <div class="stack-tight">
        <Heading>{t('list.title')}</Heading>
        <p class="lead">{t('booth.lead')}</p>
      </div>
      {listed.elections.length === 0 && (
        <div class="empty">
          <h2>{t('list.empty')}</h2>
          <p class="soft">{t('list.empty.text')}</p>
        </div>
      )}
      {(['open', 'coming', 'past'] as const).map((group) => (
        <Group key={group} {...booth} {...listed} places={places} mine={listed.places} group={group} />
      ))}
    </>
  )
}

type GroupName = 'open' | 'coming' | 'past'

const groupOf = ({ status }: Shown): GroupName => {
  if (status === 'open' || status === 'paused') return 'open'
  return status === 'published' || status === 'draft' ? 'coming' : 'past'
}

interface GroupProps extends Booth {
  readonly elections: readonly Shown[]
  readonly mine: readonly Place[]
  readonly now: () => Date
  readonly group: GroupName
}

function Group({ elections, mine, group, ...rest }: GroupProps) {
  const t = boothTexts(rest.locale)
  const list = elections.filter((one) => groupOf(one) === group)
  if (list.length === 0) return null
  return (
    <section class="stack" aria-labelledby={`list-${group}`}>
      <h2 id={`list-${group}`}>{t(`list.${group}`)}</h2>
      {list.map((election) => (
        <Card
          key={election.id}
          {...rest}
          election={election}
          place={mine.find((place) => place.election === election.id)}
        />
      ))}
    </section>
  )
}

interface CardProps extends Booth {
  readonly election: Shown
  readonly place: Place | undefined
  readonly now: () => Date
}

function Card({ locale, go, election, place, now }: CardProps) {
  const t = boothTexts(locale)
  const group = groupOf(election)
  const which = (
    <span class="visually-hidden"> {t('list.of', { title: sayOne(election.title, locale) })}</span>
  )
  const canVote = group !== 'past' && place?.ticket
  return (
    <article class="card" aria-labelledby={`election-${election.id}`}>
      <div class="stack-tight">
        <h3 id={`election-${election.id}`}>
          <Said text={election.title} locale={locale} />
        </h3>
        <p class="row">
          <StatePill locale={locale} status={election.status} />
        </p>
        <p class="soft">
          <Times locale={locale} election={election} now={now} />
        </p>
        {group !== 'coming' && (
          <p class="soft">
            <TurnoutWords locale={locale} election={election} />
          </p>
        )}
        {group !== 'past' && !canVote && <p>{t('list.fetch')}</p>}
      </div>
      <div class="row">
        {canVote && (
          <Go
            to={addressOf.vote(election.id)}
            go={go}
            class={`button button-${place.receipt === null ? 'primary' : 'secondary'}`}
          >
            {t(place.receipt === null ? 'list.vote' : 'list.change')}
            {which}
          </Go>
        )}
        {place?.receipt && (
          <Go to={addressOf.receipt(election.id)} go={go}>
            {t('list.receipt')}
            {which}
          </Go>
        )}
        {group === 'past' && election.status !== 'cancelled' && (
          <Go to={addressOf.results(election.id)} go={go}>
            {t('list.results')}
            {which}
          </Go>
        )}
      </div>
    </article>
  )
}
