import { rankAmong } from '@althing/policy/contract'
import { Refused } from '@althing/web-ui/dom/http.ts'
import { createFormats } from '@althing/web-ui/format.ts'
import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Facts, PageHeading } from './parts.tsx'
import { emptyOverride, mistakesIn, orderOf, type Asking, type OverrideForm } from './override-form.ts'
import { OverrideFields } from './override-fields.tsx'
import * as api from './overrides-api.ts'
import { nameOf } from './permissions-api.ts'
import { keeper } from './policies-api.ts'
import { PolicyProblem } from './policy-parts.tsx'
import { Said } from './actions-said.tsx'

async function offer() {
  const [{ mostDays }, actions, { roles }] = await Promise.all([
    api.overrides({ limit: '1' }),
    api.actions(),
    keeper(),
  ])
  return { mostDays, actions, rank: rankAmong(roles) }
}

/** Written on one page and looked over on the next: what is banned is banned at once. */
export function NewOverridePage({ locale, go, clock }: Console) {
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
      {value !== null && <Making locale={locale} go={go} clock={clock} {...value} />}
    </>
  )
}

interface MakingProps extends Pick<Console, 'locale' | 'go' | 'clock'> {
  readonly mostDays: number
  /** Of whoever is here. */
  readonly rank: number
  readonly actions: readonly api.Action[]
}

function Making({ locale, go, clock, mostDays, rank, actions }: MakingProps) {
  const t = adminTexts(locale)
  const [form, setForm] = useCarried<OverrideForm>('override-new', () => emptyOverride)
  const [isReviewed, setReviewed] = useCarried('override-new-reviewed', () => false)
  const [isTried, setTried] = useState(false)
  const { asking, wrong } = mistakesIn(form, { now: clock(), mostDays })
  // Of whom policy has not heard: it hears of an account with its first role.
  const [roleless, setRoleless] = useState<Asking['subject'] | null>(null)
  const isRoleless = roleless !== null && roleless === form.subject
  useEffect(() => {
    if (isRoleless) document.querySelector<HTMLElement>('[data-part="who"] button')?.focus()
  }, [isRoleless])
  const review = () => {
    setTried(true)
    if (asking !== null) return setReviewed(true)
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
        actions={actions}
        change={() => setReviewed(false)}
        onRoleless={() => {
          setRoleless(form.subject)
          setReviewed(false)
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
          set={setForm}
          wrong={{ ...(isTried ? wrong : {}), ...(isRoleless ? { who: 'roleless' } : {}) }}
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

interface ReviewProps extends Pick<Console, 'locale' | 'go'> {
  readonly asking: Asking
  readonly form: OverrideForm
  readonly actions: readonly api.Action[]
  readonly change: () => void
  /** They have an account, and policy knows of no role of theirs. */
  readonly onRoleless: () => void
}

function Review({ locale, go, asking, form: { called }, actions: known, change, onRoleless }: ReviewProps) {
  const t = adminTexts(locale)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const { kind, subject, actions, resource, reason } = asking
  const who = called === '' ? nameOf(subject) : called
  const until = createFormats(locale).exact(new Date(asking.until))
  const send = () => {
    setBusy(true)
    api
      .make(asking)
      .then(
        ({ id }) => go(`/admin/overrides/${id}`, 'replace'),
        (reason: unknown) => (called !== '' && isUnknown(reason) ? onRoleless() : setError(reason)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <>
      <PageHeading>{t('override.review.title')}</PageHeading>
      <p>{t(`override.review.${kind}`, { who, until })}</p>
      <Facts
        rows={[
          [t('override.whom'), who],
          [t('override.what'), <Said key="what" locale={locale} known={known} actions={actions} />],
          [t('override.on'), resource === null ? t('override.all') : nameOf(resource)],
          [t('override.until'), until],
          [t('override.reason'), reason],
        ]}
      />
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

const isUnknown = (reason: unknown): boolean =>
  reason instanceof Refused && reason.code === 'policy.overrides.unknown_subject'
