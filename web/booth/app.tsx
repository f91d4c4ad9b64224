/** @jsxImportSource preact */
import type { Crossing } from '@althing/web-ui/crossing.ts'
import { keepLocale } from '@althing/web-ui/dom/preferences.ts'
import { Heading, Notice, Waiting } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { useEffect, useState } from 'preact/hooks'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'
import { ListPage } from './list-page.tsx'
import { arrive, type Places } from './place.ts'
import { ReceiptPage } from './receipt-page.tsx'
import { ResultsPage } from './results-page.tsx'
import { addressOf, routeOf, type Route } from './route.ts'
import { Shell } from './shell.tsx'
import { VotePage } from './vote-page.tsx'

interface Props {
  readonly first: Locale
  readonly crossing: Crossing | 'broken' | null
  readonly places: Places
  readonly clock: () => Date
  readonly organisation: string
}

export function App({ first, crossing, places, clock, organisation }: Props) {
  const [locale, setLocale] = useState(first)
  const [route, setRoute] = useState(() => routeOf(location))
  const [arrival, setArrival] = useState<'under way' | 'done' | 'broken' | 'no storage'>(
    crossing === null ? 'done' : crossing === 'broken' ? 'broken' : 'under way',
  )
  const go: Booth['go'] = (address, how = 'push') => {
    history[`${how}State`](null, '', address)
    setRoute(routeOf(location))
    scrollTo(0, 0)
  }
  useEffect(() => {
    const moved = () => {
      setArrival('done')
      setRoute(routeOf(location))
    }
    addEventListener('popstate', moved)
    return () => removeEventListener('popstate', moved)
  }, [])
  useEffect(() => {
    if (crossing === null || crossing === 'broken') return
    keep(places, crossing).then(
      () => {
        go(addressOf.vote(crossing.election), 'replace')
        setArrival('done')
      },
      () => setArrival('no storage'),
    )
  }, [])
  const choose = (next: Locale) => {
    keepLocale(next)
    setLocale(next)
  }
  const booth = { locale, places, clock, go }
  return (
    <Shell locale={locale} onLocale={choose} organisation={organisation} go={go}>
      {arrival === 'done' ? (
        <Page key={keyOf(route)} {...booth} route={route} />
      ) : (
        <Arrival locale={locale} arrival={arrival} />
      )}
    </Shell>
  )
}

/** A page begins anew when it is about something else, but not with every question. */
const keyOf = (route: Route): string => `${route.page}/${'election' in route ? route.election : ''}`

async function keep(places: Places, crossing: Crossing): Promise<void> {
  await places.put(crossing.election, arrive(await places.get(crossing.election), crossing))
}

function Page({ route, ...booth }: Booth & { readonly route: Route }) {
  if (route.page === 'list') return <ListPage {...booth} />
  if (route.page === 'results') return <ResultsPage {...booth} election={route.election} />
  if (route.page === 'receipt') return <ReceiptPage {...booth} election={route.election} leaf={route.leaf} />
  if (route.page === 'vote')
    return route.election === null ? (
      <ListPage {...booth} />
    ) : (
      <VotePage {...booth} election={route.election} step={route.step} />
    )
  return <Nowhere {...booth} />
}

function Nowhere({ locale, go }: Booth) {
  const t = boothTexts(locale)
  return (
    <>
      <Heading>{t('nowhere.title')}</Heading>
      <p>
        <Go to="/" go={go}>
          {t('nowhere.back')}
        </Go>
      </p>
    </>
  )
}

function Arrival({ locale, arrival }: { locale: Locale; arrival: 'under way' | 'broken' | 'no storage' }) {
  const t = boothTexts(locale)
  if (arrival === 'under way') return <Waiting locale={locale} />
  return (
    <>
      <Heading>{arrival === 'broken' ? t('broken.title') : t('noTicket.title')}</Heading>
      <Notice tone="stop" title={uiTexts(locale)('notice.stop')}>
        <p>{arrival === 'broken' ? t('broken.text') : t('load.storage')}</p>
      </Notice>
    </>
  )
}
