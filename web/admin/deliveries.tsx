import type { ListedDelivery } from '@althing/identity/contract'
import { faultTitle } from '@althing/web-ui/faults.ts'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Pill, StackedTable, type Column } from './parts.tsx'
import { At } from './state.tsx'
import { useNames, Whose } from './whose.tsx'

export const stateTones = {
  sending: 'plain',
  sent: 'plain',
  delivered: 'go',
  deferred: 'wait',
  failed: 'wait',
  refused: 'stop',
  suppressed: 'stop',
  bounced: 'stop',
  dropped: 'stop',
  complained: 'stop',
} as const satisfies Record<ListedDelivery['state'], string>

/** A refusal of ours in its words; what a mail server has said, as it said it. */
function whyIn(locale: Console['locale'], reason: string): string {
  const t = adminTexts(locale)
  const held = (['bounced', 'complained', 'invalid'] as const).find((one) => one === reason)
  return held === undefined ? faultTitle(locale, reason, reason) : t(`mail.held.${held}`)
}

interface DeliveriesProps extends Pick<Console, 'locale'> {
  readonly deliveries: readonly ListedDelivery[]
  /** Where everybody's letters stand together, each leads to its person. */
  readonly go?: Console['go']
}

export function Deliveries({ locale, go, deliveries }: DeliveriesProps) {
  const t = adminTexts(locale)
  const names = useNames(go === undefined ? [] : deliveries.map(({ account }) => account))
  if (deliveries.length === 0) return <p className="soft">{t('mail.none')}</p>
  const columns: readonly Column<ListedDelivery>[] = [
    {
      title: t('mail.letter'),
      cell: ({ channel, subject }) => (channel === 'sms' ? t('mail.sms') : subject),
    },
    {
      title: t('col.state'),
      cell: ({ state, reason, tries }) => (
        <div>
          <Pill tone={stateTones[state]}>{t(`mail.state.${state}`)}</Pill>
          {tries > 1 && <span className="soft"> {t('mail.times', { tries })}</span>}
          {reason !== null && <span className="soft small wraps"> {whyIn(locale, reason)}</span>}
        </div>
      ),
    },
    { title: t('mail.address'), cell: ({ address }) => <span className="wraps">{address}</span> },
    { title: t('col.when'), cell: ({ changedAt }) => <At locale={locale} at={changedAt} /> },
    ...(go === undefined
      ? []
      : [
          {
            title: t('col.who'),
            cell: ({ account }: ListedDelivery) => (
              <Whose locale={locale} go={go} account={account} names={names} />
            ),
          },
        ]),
  ]
  return (
    <StackedTable label={t('mail.sent.table')} columns={columns} rows={deliveries} keyOf={({ id }) => id} />
  )
}
