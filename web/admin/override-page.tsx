import { decidesAbout } from '@althing/policy/contract'
import { Refused } from '@althing/web-ui/dom/http.ts'
import { createFormats } from '@althing/web-ui/format.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Confirm, type Question } from './confirm.tsx'
import { useWritten, type Written } from './confirm-written.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Button, Notice, PageHeading } from './parts.tsx'
import * as api from './overrides-api.ts'
import { beginning, calledOf, minutesOf, OverrideFacts, personOf, Standing } from './override-parts.tsx'
import { keeper, type Keeper } from './policies-api.ts'
import { accountOf, PolicyProblem } from './policy-parts.tsx'
import { useWaiting } from './override-waiting.ts'
import { useNames } from './whose.tsx'

interface Props extends Console {
  readonly id: string
  readonly door: api.Door
}
type Done = 'approve' | 'refuse' | 'end' | 'lapse'

async function whole(door: api.Door, id: string) {
  const [one, who] = await Promise.all([api.override(door, id), keeper()])
  return { one, keeper: who }
}

/** One exception as it is read before somebody decides about it, and what can be done with it now. */
export function OverridePage({ locale, go, id, door }: Props) {
  const t = adminTexts(locale)
  const { value, error, busy, act, load } = useLoaded(() => whole(door, id), [door, id])
  const [missed, setMissed] = useState<unknown>(null)
  const [done, setDone] = useState<Done | null>(null)
  useWaiting(value?.one ?? null, door, (became) => {
    setDone(doneBy(became))
    load()
  })
  const names = useNames([value === null ? null : personOf(value.one.subject)])
  if (value === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  const work = (what: () => Promise<unknown>, then: Done) => {
    setDone(null)
    setMissed(null)
    act(() =>
      what().then(
        () => setDone(then),
        (reason: unknown) => {
          if (!isPast(reason)) throw reason
          setMissed(reason)
        },
      ),
    )
  }
  const who = value === null ? '' : calledOf({ locale, one: value.one.subject, names })
  return (
    <>
      <p>
        <Go to={`/admin/${door}`} go={go}>
          {t(`${door}.all`)}
        </Go>
      </p>
      {value !== null && (
        <>
          <PageHeading>{beginning(t('override.title', { kind: value.one.kind, who }))}</PageHeading>
          <div className="row" role="status">
            <Standing locale={locale} of={value.one} />
          </div>
        </>
      )}
      <PolicyProblem locale={locale} error={error ?? missed} />
      {done !== null && error === null && missed === null && (
        <Notice tone="go" title={t(`override.done.${done}`)} />
      )}
      {value !== null && (
        <>
          {api.hasFallen(value.one) && <p>{t('override.fell', { why: api.whyFallen(value.one) })}</p>}
          <OverrideFacts locale={locale} go={go} of={value.one} />
          <Acts locale={locale} {...value} who={who} busy={busy} work={work} />
        </>
      )}
    </>
  )
}

/** What somebody else did while the page was open, or nobody in time; whoever may not ask any more is told so already. */
function doneBy(one: api.Override): Done | null {
  if (one.state === 'in-force') return 'approve'
  if (one.state === 'refused') return 'refuse'
  if (one.state === 'ended') return 'end'
  return one.state === 'lapsed' && !api.hasFallen(one) ? 'lapse' : null
}

/** Somebody was quicker, or it is too late: what stands now is shown, and only what can still be done with it. */
const isPast = (error: unknown): boolean => error instanceof Refused && error.status === 409

interface ActsProps extends Pick<Console, 'locale'> {
  readonly one: api.Override
  readonly keeper: Keeper
  readonly who: string
  readonly busy: boolean
  readonly work: (what: () => Promise<unknown>, then: Done) => void
}

/** Who asked, and whom it is for, decide nothing, and whoever does not agree refuses; whether somebody else may is decided behind it. */
function Acts({ locale, one, keeper, who, busy, work }: ActsProps) {
  const t = adminTexts(locale)
  const [question, setQuestion] = useState<Question | null>(null)
  const written = useWritten(`override ${one.id}`)
  const { state, kind, askedBy } = one
  if (state !== 'asked' && state !== 'in-force') return null
  const isOwn = askedBy === keeper.actor
  const isFor = accountOf(keeper.actor) === personOf(one.subject)
  const isAbove = isDecidedAbove(one, keeper, isFor)
  const questions = questionsOf({ locale, one, work, written })
  return (
    <>
      {state === 'asked' && (
        <>
          <p>{nextWords({ locale, one, who, isOwn, isFor, decides: mayDecide(one, keeper) })}</p>
          <p>{waitWords(locale, one)}</p>
        </>
      )}
      {state === 'in-force' && <Holds locale={locale} one={one} />}
      {isAbove && keeper.may('overrides.end') && <p>{t('override.end.above')}</p>}
      <div className="row">
        {!isOwn && !isFor && mayDecide(one, keeper) && (
          <>
            <Button kind="primary" busy={busy} onPress={() => setQuestion(questions.approve)}>
              {t('override.approve')}
            </Button>
            <Button busy={busy} onPress={() => setQuestion(questions.refuse)}>
              {t('override.refuse')}
            </Button>
          </>
        )}
        {(isOwn || state === 'in-force') && !isAbove && mayEnd(one, keeper, isFor) && (
          <Button kind="danger" busy={busy} onPress={() => setQuestion(questions.end)}>
            {t('override.end', { state: state.replaceAll('-', '_'), kind })}
          </Button>
        )}
      </div>
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </>
  )
}

/** Of what is asked for: a ban is in force at once. */
const mayDecide = ({ kind, state }: api.Override, { may, roles }: Keeper): boolean =>
  state === 'asked' && kind !== 'deny' && may(`${api.doorOf({ kind })}.decide`) && decidesAbout(kind, roles)

/** What somebody is banned from others end; what is lent, whoever has it and whoever could have agreed to it. */
function mayEnd({ kind }: api.Override, { may, roles }: Keeper, isFor: boolean): boolean {
  if (!may(`${api.doorOf({ kind })}.end`)) return false
  return kind === 'emergency' ? isFor || decidesAbout(kind, roles) : !(kind === 'deny' && isFor)
}

/**
 * Whoever was only lent it ends nothing that somebody above them decided: a ban that hangs on no loan was made by somebody whose own right it is, and to a
 * permission an administrator has agreed.
 */
function isDecidedAbove(one: api.Override, { actor, roles }: Keeper, isFor: boolean): boolean {
  const { kind, state, askedBy, askedUnder } = one
  if (kind === 'emergency' || decidesAbout('allow', roles)) return false
  return kind === 'deny' ? askedUnder === null && askedBy !== actor : state === 'in-force' && !isFor
}

/** What was banned with a loan ends with that. */
function Holds({ locale, one: { kind, askedUnder, until } }: Pick<ActsProps, 'locale' | 'one'>) {
  if (kind !== 'deny' || askedUnder === null || until === null) return null
  const moment = createFormats(locale).exact(new Date(until))
  return <p>{adminTexts(locale)('override.holds.under', { until: moment })}</p>
}

interface Next extends Pick<ActsProps, 'locale' | 'one' | 'who'> {
  readonly isOwn: boolean
  readonly isFor: boolean
  readonly decides: boolean
}

function nextWords({ locale, one, who, isOwn, isFor, decides }: Next): string {
  const t = adminTexts(locale)
  if (isOwn) return t('override.next.own')
  if (isFor) return t('override.next.for')
  if (!decides) return t('override.next.others', { kind: one.kind })
  if (one.role === null) return t('override.next.decide', { who })
  return t('override.next.emergency', { who, role: one.role, minutes: minutesOf(one) })
}

/** Until when, for whoever asked and whoever decides. */
const waitWords = (locale: ActsProps['locale'], { askedUnder, decideBy }: api.Override): string =>
  adminTexts(locale)(askedUnder === null ? 'override.waits' : 'override.waits.under', {
    until: createFormats(locale).exact(new Date(decideBy)),
  })

interface Asking extends Pick<ActsProps, 'locale' | 'one' | 'work'> {
  readonly written: Written
}

function questionsOf({ locale, one, work, written }: Asking) {
  const t = adminTexts(locale)
  const state = one.state.replaceAll('-', '_')
  const ask = (name: 'approve' | 'refuse'): Question => ({
    title: t(`override.${name}.title`),
    text: t(`override.${name}.text`),
    act: t(`override.${name}`),
    asksWhy: name === 'refuse' ? 'needed' : 'optional',
    leastWhy: 3,
    ...written(name),
    onYes: (reason) => work(() => api.decide(one, name === 'approve', reason), name),
  })
  const end: Question = {
    title: t('override.end.title', { state }),
    text: t('override.end.text', { kind: one.kind, state }),
    act: t('override.end', { state }),
    asksWhy: 'needed',
    leastWhy: 3,
    ...written('end'),
    onYes: (reason) => work(() => api.end(one, reason), 'end'),
  }
  return { approve: ask('approve'), refuse: ask('refuse'), end }
}
