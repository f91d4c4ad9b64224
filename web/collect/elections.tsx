/** @jsxImportSource preact */
import { createFormats } from '@althing/web-ui/format.ts'
import { Button, Clock, Heading, Pill, Said, When, sayOne } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { Tone } from '@althing/web-ui/parts.ts'
import { useState } from 'preact/hooks'
import { collectTexts } from './collect-texts.ts'
import { toBooth } from './collecting-page.tsx'
import type { Entitled } from './collecting.ts'
import { keyOf, type Kept } from './drawer.ts'
import type { AppProps, Known } from './known.ts'
import { inOrder, placeOf, type Place } from './states.ts'
import { WhyNot } from './why-not.tsx'

interface Props extends AppProps {
  readonly known: Known
  readonly onGet: (election: string) => void
}

/** What waits for me, what is coming, what is over. */
export function Elections(props: Props) {
  const { locale, known, clock } = props
  const t = collectTexts(locale)
  const [now, setNow] = useState(clock)
  const items = known.entitled.map((entitled) => {
    const kept = known.kept.find(({ key }) => key === keyOf(known.subject, entitled))
    return { entitled, kept, place: placeOf(entitled, kept, now) }
  })
  const group = (when: Place['when']) =>
    inOrder(
      items.filter(({ place }) => place.when === when).map(({ entitled }) => entitled),
      when,
    ).flatMap((entitled) => items.find((item) => item.entitled === entitled) ?? [])
  return (
    <>
      <div class="stack-tight">
        <Heading quiet>{t('title')}</Heading>
        <p class="lead">{t('lead')}</p>
      </div>
      {(['open', 'coming', 'past'] as const).map((when) => {
        const list = group(when)
        return (
          list.length > 0 && (
            <section key={when} class="stack" aria-labelledby={`list-${when}`}>
              <h2 id={`list-${when}`}>{t(when)}</h2>
              {list.map((item) => (
                <Card
                  key={item.entitled.election}
                  {...props}
                  {...item}
                  now={now}
                  onOver={() => setNow(clock())}
                />
              ))}
            </section>
          )
        )
      })}
      <WhyNot locale={locale} nothingAtAll={group('open').length + group('coming').length === 0} />
    </>
  )
}

interface CardProps extends Props {
  readonly entitled: Entitled
  readonly kept: Kept | undefined
  readonly place: Place
  readonly now: Date
  readonly onOver: () => void
}

function Card(props: CardProps) {
  const { locale, entitled, place } = props
  return (
    <article class="card" aria-labelledby={`election-${entitled.election}`}>
      <div class="stack-tight">
        <h3 id={`election-${entitled.election}`}>
          <Said text={entitled.title} locale={locale} />
        </h3>
        <p class="row">
          <State locale={locale} entitled={entitled} place={place} />
        </p>
        <Times {...props} />
      </div>
      <Acts {...props} />
    </article>
  )
}

function State({ locale, entitled: { status }, place }: Pick<CardProps, 'locale' | 'entitled' | 'place'>) {
  const t = collectTexts(locale)
  const over = status === 'cancelled' ? 'cancelled' : status === 'tallied' ? 'tallied' : 'closed'
  const [tone, key]: [Tone, 'open' | 'paused' | 'coming' | typeof over] = place.paused
    ? ['wait', 'paused']
    : place.when === 'open'
      ? ['go', 'open']
      : place.when === 'coming'
        ? ['info', 'coming']
        : ['plain', over]
  return <Pill tone={tone}>{t(`state.${key}`)}</Pill>
}

function Times({ locale, entitled: { opensAt, closesAt }, place, clock, now, onOver }: CardProps) {
  const t = collectTexts(locale)
  const formats = createFormats(locale)
  if (place.when === 'past')
    return closesAt === null ? null : (
      <p class="soft">
        {t('closes')} <When locale={locale} at={new Date(closesAt)} now={now} />
      </p>
    )
  if (place.when === 'coming')
    return (
      <p class="soft">
        {opensAt === null ? t('opens.unknown') : `${t('opens')} ${formats.exact(new Date(opensAt))}`}
      </p>
    )
  return (
    <p>
      {closesAt === null ? (
        t('closes.unknown')
      ) : (
        <Clock locale={locale} until={new Date(closesAt)} now={clock} onOver={onOver} />
      )}
    </p>
  )
}

/** One thing to do, or why there is none. */
function Acts({ locale, ballotUrl, entitled, kept, place, onGet }: CardProps) {
  const t = collectTexts(locale)
  const { act } = place
  const which = (
    <span class="visually-hidden"> {t('get.for', { title: sayOne(entitled.title, locale) })}</span>
  )
  if (act === 'elsewhere')
    return (
      <div class="stack-tight">
        <p>
          <strong>{t('elsewhere')}</strong>
        </p>
        <p class="soft">{t('elsewhere.text')}</p>
      </div>
    )
  if (act === 'results')
    return (
      <p>
        <a href={`${ballotUrl}/results/${entitled.election}?lang=${locale}`}>
          {t('results')}
          {which}
        </a>
      </p>
    )
  if (act === 'none') return null
  const isHere = act === 'again' && kept !== undefined
  return (
    <div class="stack-tight">
      {place.paused && <p class="soft">{t('paused.text')}</p>}
      {isHere && <p class="soft">{t(place.when === 'coming' ? 'coming.have' : 'again.text')}</p>}
      <div class="row">
        <Button
          kind={place.when === 'open' ? 'primary' : 'secondary'}
          onPress={() => (isHere ? toBooth(ballotUrl, kept, locale as Locale) : onGet(entitled.election))}
        >
          {isHere ? t('again') : t('get')}
          {which}
        </Button>
      </div>
    </div>
  )
}
