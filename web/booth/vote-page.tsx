/** @jsxImportSource preact */
import type { Question } from '@althing/elections/contract'
import { Waiting } from '@althing/web-ui/island/parts.tsx'
import { useEffect, useState } from 'preact/hooks'
import * as api from './api.ts'
import { deliver, prepare, type Outcome } from './casting.ts'
import { ClosedPage } from './closed-page.tsx'
import type { Booth } from './go.tsx'
import { LoadProblemPage } from './load-problem.tsx'
import { load, problemOf, type Loaded } from './loading.ts'
import { choiceOf, isWhole } from './paper.ts'
import { PaperPage } from './paper-page.tsx'
import { phaseOf } from './phase.ts'
import type { Draft, Place } from './place.ts'
import { ReviewPage } from './review-page.tsx'
import { addressOf, type Step } from './route.ts'
import { SendingPage, UnsettledPage } from './sending-page.tsx'

interface Props extends Booth {
  readonly election: string
  readonly step: Step
}

/** From the paper to the box. What has happened is decided by what this device keeps, so a reload finds the same page. */
export function VotePage({ election, step, ...booth }: Props) {
  const [loaded, setLoaded] = useState<Loaded | Error | null>(null)
  const start = () => {
    setLoaded(null)
    load(election, booth.places, booth.clock).then(setLoaded, (error: unknown) => setLoaded(error as Error))
  }
  useEffect(start, [election])
  if (loaded === null) return <Waiting locale={booth.locale} />
  if (loaded instanceof Error) return <LoadProblemPage {...booth} problem={problemOf(loaded)} again={start} />
  return <Voting {...booth} loaded={loaded} step={step} again={start} />
}

interface VotingProps extends Booth {
  readonly loaded: Loaded
  readonly step: Step
  readonly again: () => void
}

function Voting({ loaded, step, again, ...booth }: VotingProps) {
  const { paper, shown } = loaded
  const [place, setPlace] = useState(loaded.place)
  const [sending, setSending] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const questions = questionsOf(loaded)
  const phase = phaseOf(place, shown.status)

  const settle = (result: Outcome) => {
    setPlace(result.place)
    setSending(false)
    if (result.kind === 'in the box') booth.go(addressOf.receipt(shown.id), 'replace')
    else setOutcome(result)
  }
  const needs = { places: booth.places, send: api.send }
  const cast = async (from: Place) => {
    if (sending) return
    setSending(true)
    const ready =
      from.waiting === null ? await prepare(from, paper, choiceOf(from.draft, questions), needs) : from
    settle(await deliver(ready, paper, needs))
  }
  const mark = (draft: Draft) => {
    if (place === undefined) return
    const next = { ...place, draft }
    setPlace(next)
    void booth.places.put(next.election, next)
  }
  const page = { ...booth, loaded, questions }

  if (sending) return <SendingPage locale={booth.locale} again={outcome !== null || phase === 'unknown'} />
  if (place !== undefined && (outcome !== null || phase === 'unknown'))
    return (
      <UnsettledPage
        {...page}
        outcome={outcome ?? { kind: 'unknown', place }}
        onSend={() => void cast(place)}
        onReload={() => {
          setOutcome(null)
          again()
        }}
      />
    )
  if (phase !== 'open' || place === undefined)
    return <ClosedPage {...page} phase={phase} place={place} again={again} />
  if (step === 'review' && isWhole(place.draft, questions))
    return <ReviewPage {...page} place={place} onCast={() => void cast(place)} />
  return (
    <PaperPage {...page} place={place} step={step === 'review' ? 1 : step} onMark={mark} onOver={again} />
  )
}

/** The questions of the slot that the ticket is for. */
function questionsOf({ paper, place }: Loaded): readonly Question[] {
  const { slots } = paper.manifest
  return (slots.find(({ id }) => id === place?.ticket?.slot) ?? slots[0])?.questions ?? []
}
