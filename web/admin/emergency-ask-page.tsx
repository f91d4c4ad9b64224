import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Choice, PageHeading } from './parts.tsx'
import * as api from './overrides-api.ts'
import { PolicyProblem } from './policy-parts.tsx'
import { Radios } from './radios.tsx'
import { tooLong } from './too-long.ts'

const usualMinutes = [15, 30, 60, 120, 180, 240]

/** On a page of its own, with what comes of it: what is lent here opens a great deal. */
export function EmergencyAskPage({ locale, go }: Console) {
  const t = adminTexts(locale)
  const { value, error, load } = useLoaded(async () => (await api.emergencies({ limit: '1' })).offer, [])
  return (
    <>
      <p>
        <Go to="/admin/emergency" go={go}>
          {t('emergency.all')}
        </Go>
      </p>
      <PageHeading>{t('emergency.ask')}</PageHeading>
      <PolicyProblem locale={locale} error={error} again={load} />
      {value?.roles.length === 0 && (
        <div className="empty">
          <h2>{t('emergency.nothing')}</h2>
          <p className="soft">{t('emergency.nothing.text')}</p>
        </div>
      )}
      {value !== null && value.roles.length > 0 && <Asking locale={locale} go={go} offer={value} />}
    </>
  )
}

const minutesUpTo = (most: number): readonly string[] =>
  [...new Set([...usualMinutes.filter((one) => one <= most), most])].map(String)

const begun = (roles: api.Offer['roles'], most: number) => ({
  role: roles.length === 1 ? (roles[0] ?? '') : '',
  minutes: String(Math.min(60, most)),
  reason: '',
})

interface AskingProps extends Pick<Console, 'locale' | 'go'> {
  readonly offer: api.Offer
}

function Asking({ locale, go, offer: { roles, mostMinutes, decideMinutes } }: AskingProps) {
  const t = adminTexts(locale)
  const [form, setForm] = useCarried('emergency-ask', () => begun(roles, mostMinutes))
  const [isTried, setTried] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const role = roles.find((one) => one === form.role)
  const long = tooLong(locale, form.reason)
  const isWritten = form.reason.trim().length >= 3
  const focusOn = (id: string) => document.getElementById(id)?.focus()
  const send = () => {
    setTried(true)
    if (role === undefined) return focusOn(`emergency-role-${roles[0]}`)
    if (!isWritten || long !== undefined) return focusOn('emergency-why')
    if (busy) return
    setBusy(true)
    api
      .askEmergency({ role, minutes: Number(form.minutes), reason: form.reason.trim() })
      .then(({ id }) => go(`/admin/emergency/${id}`, 'replace'), setError)
      .finally(() => setBusy(false))
  }
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Radios
        id="emergency-role"
        legend={t('emergency.role')}
        error={isTried && role === undefined ? t('emergency.wrong.role') : undefined}
        value={form.role}
        set={(one) => setForm({ ...form, role: one })}
        options={roles.map((one) => ({
          value: one,
          label: t('role', { role: one.replaceAll('-', '_') }),
          hint: t(`roles.may.${one}`),
        }))}
      />
      <Choice
        id="emergency-minutes"
        label={t('emergency.minutes')}
        value={form.minutes}
        set={(one) => setForm({ ...form, minutes: one })}
        options={minutesUpTo(mostMinutes).map((one) => [one, t('emergency.minutes.of', { minutes: one })])}
      />
      <Field
        id="emergency-why"
        label={t('override.form.why')}
        hint={t('emergency.why.hint')}
        error={long ?? (isTried && !isWritten ? t('override.wrong.why') : undefined)}
        long
        value={form.reason}
        onChange={(reason) => setForm({ ...form, reason })}
      />
      {role !== undefined && (
        <p>{t('emergency.consequence', { role, minutes: Number(form.minutes), decide: decideMinutes })}</p>
      )}
      <PolicyProblem locale={locale} error={error} />
      <div className="row">
        <Button kind="primary" busy={busy}>
          {t('emergency.ask')}
        </Button>
      </div>
    </form>
  )
}
