/** @jsxImportSource preact */
import { Refused } from '@althing/web-ui/dom/http.ts'
import { Button, Heading, Notice, Waiting } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { useEffect, useState } from 'preact/hooks'
import * as api from './api.ts'
import { collectTexts } from './collect-texts.ts'
import { collect, type Entitled } from './collecting.ts'
import type { Drawer, Kept } from './drawer.ts'
import { Collecting, type Progress } from './collecting-page.tsx'
import { Elections } from './elections.tsx'
import type { AppProps, Known } from './known.ts'
import { problemOf } from './problem.ts'
import { placeOf } from './states.ts'

export function App(props: AppProps) {
  const { locale, drawer, clock } = props
  const [known, setKnown] = useState<Known | Error | null>(null)
  const [chosen, setChosen] = useState(chosenNow)
  const load = () => {
    setKnown(null)
    read(drawer, clock).then(setKnown, (error: unknown) => setKnown(error as Error))
  }
  useEffect(() => {
    if (chosen === null || known === null) load()
  }, [chosen === null])
  useEffect(() => {
    const moved = () => setChosen(chosenNow())
    addEventListener('popstate', moved)
    return () => removeEventListener('popstate', moved)
  }, [])
  const go = (election: string | null) => {
    history.pushState(null, '', election === null ? '/vote' : `/vote?election=${election}`)
    setChosen(election)
  }

  if (known === null) return <Waiting locale={locale} />
  if (known instanceof Error) return <LoadFailed locale={locale} error={known} again={load} />
  const entitled = known.entitled.find((one) => one.election === chosen)
  if (entitled === undefined) return <Elections {...props} known={known} onGet={go} />
  return <OneBallot {...props} known={known} entitled={entitled} back={() => go(null)} />
}

interface OneBallotProps extends AppProps {
  readonly known: Known
  readonly entitled: Entitled
  readonly back: () => void
}

function OneBallot({ locale, ballotUrl, drawer, chance, known, entitled, back }: OneBallotProps) {
  const [progress, setProgress] = useState<Progress>({ kind: 'paper' })
  const start = () => {
    setProgress({ kind: 'paper' })
    const needs = {
      drawer,
      chance,
      manifest: api.manifest,
      tickets: (request: Parameters<ReturnType<typeof api.tickets>>[0]) => {
        setProgress({ kind: 'ticket' })
        return api.tickets(known.me.csrf)(request)
      },
    }
    collect(entitled, known.subject, needs).then(
      (kept) => setProgress({ kind: 'ready', kept }),
      (error: unknown) => setProgress({ kind: 'failed', problem: problemOf(error) }),
    )
  }
  useEffect(start, [entitled.election])
  return (
    <Collecting
      locale={locale}
      ballotUrl={ballotUrl}
      entitled={entitled}
      progress={progress}
      again={start}
      back={back}
    />
  )
}

const chosenNow = (): string | null => new URLSearchParams(location.search).get('election')

/** Reads, and throws away what is over: a secret is not kept longer than it is of use. */
async function read(drawer: Drawer, clock: () => Date): Promise<Known> {
  const me = await api.me()
  if (me.subject === null) throw new Refused(401, 'kernel.token.missing', 'Sign in first.')
  const entitled = await api.entitlements()
  const all = await drawer.all().catch(() => [])
  const over = entitled.filter((one) => placeOf(one, undefined, clock()).when === 'past')
  const isOver = (kept: Kept) => over.some(({ election }) => election === kept.election)
  await Promise.all(all.filter(isOver).map(({ key }) => drawer.remove(key)))
  const kept = all.filter((one) => one.key.startsWith(`${me.subject}/`) && !isOver(one))
  return { me, subject: me.subject, entitled, kept }
}

interface LoadFailedProps {
  readonly locale: Locale
  readonly error: Error
  readonly again: () => void
}

function LoadFailed({ locale, error, again }: LoadFailedProps) {
  const t = collectTexts(locale)
  const problem = problemOf(error)
  return (
    <>
      <Heading quiet>{t('title')}</Heading>
      <Notice tone="stop" title={t('load.fail.title')}>
        <p>{problem.say(locale)}</p>
      </Notice>
      <div class="row">
        {problem.kind === 'signin' ? (
          <a class="button button-primary" href="/session/login?return=/vote">
            {t('fail.signin.act')}
          </a>
        ) : (
          <Button kind="primary" onPress={again}>
            {t('again.try')}
          </Button>
        )}
      </div>
    </>
  )
}
