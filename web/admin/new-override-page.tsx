import { decidesAbout, rankAmong } from '@althing/policy/contract'
import { createFormats } from '@althing/web-ui/format.ts'
import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Facts, Notice, PageHeading } from './parts.tsx'
import { emptyOverride, mistakesIn, orderOf, type Asking, type OverrideForm } from './override-form.ts'
import { OverrideFields } from './override-fields.tsx'
import * as api from './overrides-api.ts'
import { nameOf } from './permissions-api.ts'
import { keeper } from './policies-api.ts'
import { PolicyProblem } from './policy-parts.tsx'
import { Said } from './actions-said.tsx'
import { fieldErrorsOf } from './problem.tsx'

const formPath = '/admin/overrides/new'
const reviewPath = `${formPath}?step=review`
const dayMs = 86_400_000

async function offer() {
  const [{ mostDays, decideDays }, actions, { roles }] = await Promise.all([
    api.overrides({ limit: '1' }),
    api.actions(),
    keeper(),
  ])
  return { mostDays, decideDays, actions, rank: rankAmong(roles), isOwn: decidesAbout('allow', roles) }
}

interface Props extends Console {
  /** The second of the two pages, which is a step of its own for the browser. */
  readonly isReviewed: boolean
}

/** Written on one page and looked over on the next: what is banned is banned at once. */
export function NewOverridePage({ locale, go, clock, isReviewed }: Props) {
  const t = adminTexts(locale)
  const { value, error, load } = useLoaded(offer, [])
  return (
    <>
      <p>
        <Go to="/admin/overrides" go={go}>
          {t('overrides.all')}
        </Go>
      </p>
      <PolicyProblem locale={locale} error={error} again={load} />
      {value !== null && <Making locale={locale} go={go} clock={clock} isReviewed={isReviewed} {...value} />}
    </>
  )
}

interface MakingProps extends Pick<Props, 'locale' | 'go' | 'clock' | 'isReviewed'> {
  readonly mostDays: number
  readonly decideDays: number
  /** Of whoever is here. */
  readonly rank: number
  /** They do this by their own role, and not by what was lent to them. */
  readonly isOwn: boolean
  readonly actions: readonly api.Action[]
}

function Making({ isReviewed, mostDays, decideDays, rank, isOwn, actions, ...page }: MakingProps) {
  const { locale, go, clock } = page
  const t = adminTexts(locale)
  const [form, setForm] = useCarried<OverrideForm>('override-new', () => emptyOverride)
  const [isTried, setTried] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  useEffect(() => {
    if (refused !== null) document.querySelector<HTMLElement>('[data-part="who"] button')?.focus()
  }, [refused])
  const { asking, wrong } = mistakesIn(form, { now: clock(), mostDays })
  const review = () => {
    setTried(true)
    if (asking !== null) return go(reviewPath)
    const first = orderOf.find((name) => wrong[name] !== undefined)
    document.querySelector<HTMLElement>(`[data-part="${first}"] :is(input, textarea)`)?.focus()
  }
  if (isReviewed && asking !== null)
    return (
      <Review
        locale={locale}
        go={go}
        asking={asking}
        form={form}
        isOwn={isOwn}
        waitsUntil={new Date(Math.min(Date.parse(asking.until), clock().getTime() + decideDays * dayMs))}
        actions={actions}
        change={() => go(formPath, 'replace')}
        onPerson={(error) => {
          setRefused(error)
          go(formPath, 'replace')
        }}
      />
    )
  return (
    <>
      <PageHeading>{t('overrides.new')}</PageHeading>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          review()
        }}
      >
        <OverrideFields
          locale={locale}
          go={go}
          form={form}
          set={(changed) => {
            setForm(changed)
            if (changed.subject !== form.subject) setRefused(null)
          }}
          wrong={isTried ? wrong : {}}
          refused={refused}
          mostDays={mostDays}
          rank={rank}
          actions={actions}
        />
        <div className="row">
          <Button kind="primary">{t('override.form.review')}</Button>
        </div>
      </form>
    </>
  )
}

const wordsIn = (known: readonly api.Action[]) =>
  Object.fromEntries(known.flatMap(({ name, said }) => (said === null ? [] : [[name, said.words]])))

const isOfPerson = (error: unknown): boolean =>
  fieldErrorsOf(error).some(({ pointer }) => pointer === '/subject')

interface ReviewProps extends Pick<Console, 'locale' | 'go'> {
  readonly asking: Asking
  readonly form: OverrideForm
  readonly isOwn: boolean
  readonly actions: readonly api.Action[]
  /** Until when a request waits. */
  readonly waitsUntil: Date
  readonly change: () => void
  /** What is wrong with whom it is for is said where they are chosen. */
  readonly onPerson: (error: unknown) => void
}

function Review({
  locale,
  go,
  asking,
  form: { called },
  isOwn,
  actions: known,
  waitsUntil,
  change,
  onPerson,
}: ReviewProps) {
  const t = adminTexts(locale)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const { kind, subject, actions, resource, reason } = asking
  const needs = known.filter(({ name }) => actions.includes(name)).flatMap((one) => one.needs)
  const whole = kind === 'allow' ? [...new Set([...actions, ...needs])] : actions
  const who = called === '' ? nameOf(subject) : called
  const { exact } = createFormats(locale)
  const [until, lastMoment] = [exact(new Date(asking.until)), exact(waitsUntil)]
  const send = () => {
    setBusy(true)
    api
      .make(asking)
      .then(
        ({ id }) => go(`/admin/overrides/${id}`, 'replace'),
        (reason: unknown) => (isOfPerson(reason) ? onPerson(reason) : setError(reason)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <>
      <PageHeading>{t('override.review.title')}</PageHeading>
      <p>{t(`override.review.${kind}`, { who, until })}</p>
      {kind === 'deny' && !isOwn && <p>{t('override.review.lent')}</p>}
      {kind === 'allow' && <p>{t('override.review.waits', { until: lastMoment })}</p>}
      <Facts
        rows={[
          [t('override.whom'), who],
          [t('override.what'), <Said key="what" locale={locale} words={wordsIn(known)} actions={whole} />],
          [t('override.on'), resource === null ? t('override.all') : nameOf(resource)],
          [t('override.until'), until],
          [t('override.reason'), reason],
        ]}
      />
      {resource !== null && (
        <Notice tone="info" title={t('override.review.on', { on: nameOf(resource) })}>
          <p>{t('override.review.on.text')}</p>
        </Notice>
      )}
      <PolicyProblem locale={locale} error={error} />
      <div className="row">
        <Button kind={kind === 'deny' ? 'danger' : 'primary'} busy={busy} onPress={send}>
          {t('override.review.act', { kind })}
        </Button>
        <Button kind="quiet" onPress={change}>
          {t('override.review.back')}
        </Button>
      </div>
    </>
  )
}
