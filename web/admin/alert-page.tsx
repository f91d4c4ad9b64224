import type { SecurityAlertDetail } from '@althing/identity/contract'
import { useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Grave } from './alerts-page.tsx'
import { Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Facts, Notice, PageHeading } from './parts.tsx'
import { isNotThere, NotThere } from './not-there.tsx'
import * as api from './people-api.ts'
import { Section } from './person-page.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { Where } from './where.tsx'
import { useNames, Whose } from './whose.tsx'

/** One alert: what was seen, whom it is about, who was told, and the place to say why it is settled. */
export function AlertPage({ id, locale, go }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value: alert, error, busy, act } = useLoaded(() => api.alert(id), [id])
  if (alert === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  return (
    <>
      <p>
        <Go to="/admin/alerts" go={go}>
          {t('alert.back')}
        </Go>
      </p>
      <ProblemNotice locale={locale} error={error} />
      {alert !== null && (
        <>
          <div className="row">
            <PageHeading>{t('alert.kind', { kind: alert.kind.replaceAll('-', '_') })}</PageHeading>
            <Grave locale={locale} severity={alert.severity} />
          </div>
          {alert.state === 'resolved' && (
            <Notice tone="info" title={t('alert.resolved.title')}>
              <p>{alert.reason}</p>
              <p className="soft small">
                <At locale={locale} at={alert.resolvedAt} />
              </p>
            </Notice>
          )}
          <About locale={locale} go={go} alert={alert} />
          <Told locale={locale} alert={alert} />
          {alert.state === 'open' && (
            <Where may="alerts.resolve">
              <Settle locale={locale} busy={busy} settle={(reason) => act(() => api.resolve(id, reason))} />
            </Where>
          )}
        </>
      )}
    </>
  )
}

interface PartProps extends Pick<Console, 'locale'> {
  readonly alert: SecurityAlertDetail
}

function About({ locale, go, alert }: PartProps & Pick<Console, 'go'>) {
  const t = adminTexts(locale)
  const { account, network, signals, firstSeen, lastSeen, count } = alert
  const names = useNames([account])
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t('alert.person'), <Whose key="person" locale={locale} go={go} account={account} names={names} />],
    [t('alert.network'), network ?? t('alert.network.none')],
    [
      t('alert.signals'),
      signals.map((one) => t('alert.signal', { signal: one.replaceAll('-', '_') })).join(', '),
    ],
    [t('alert.first'), <At key="first" locale={locale} at={firstSeen} />],
    [t('alert.last'), <At key="last" locale={locale} at={lastSeen} />],
    [t('alert.count'), t('alert.times', { count })],
  ]
  return <Facts rows={rows} />
}

function Told({ locale, alert: { deliveries } }: PartProps) {
  const t = adminTexts(locale)
  return (
    <Section title={t('alert.told')}>
      {deliveries.length === 0 && <p className="soft">{t('alert.told.none')}</p>}
      <ul>
        {deliveries.map(({ sink, deliveredAt }, n) => (
          <li key={n}>
            {t('alert.sink', { sink })}:{' '}
            {deliveredAt === null ? t('alert.told.waiting') : <At locale={locale} at={deliveredAt} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}

interface SettleProps extends Pick<Console, 'locale'> {
  readonly busy: boolean
  readonly settle: (reason: string) => void
}

/** Without a reason nobody would know later why it was let go. */
function Settle({ locale, busy, settle }: SettleProps) {
  const t = adminTexts(locale)
  const [reason, setReason] = useState('')
  const [isMissing, setMissing] = useState(false)
  const isEnough = reason.trim().length >= 3
  return (
    <Section title={t('alert.resolve.title')}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setMissing(!isEnough)
          if (isEnough) settle(reason)
          else document.getElementById('f-reason')?.focus()
        }}
      >
        <Field
          id="f-reason"
          label={t('alert.reason')}
          error={isMissing && !isEnough ? t('alert.reason.missing') : undefined}
          long
          value={reason}
          onChange={setReason}
        />
        <div className="row">
          <Button kind="primary" busy={busy}>
            {t('alert.resolve')}
          </Button>
        </div>
      </form>
    </Section>
  )
}
