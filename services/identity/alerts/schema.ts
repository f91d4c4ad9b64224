import { z } from 'zod'
import { SecurityAlert } from '../contract.ts'

export const alertKinds = SecurityAlert.shape.kind.options
export type AlertKind = SecurityAlert['kind']

export const severities = SecurityAlert.shape.severity.options
export type Severity = SecurityAlert['severity']

/** Where an alert is told. */
export const sinkKinds = ['mail', 'webhook', 'chat'] as const
export type SinkKind = (typeof sinkKinds)[number]

/** One row of security_alert: as it is told, with its times as times. */
export const Alert = SecurityAlert.extend({
  firstSeen: z.date(),
  lastSeen: z.date(),
  resolvedAt: z.date().nullable(),
})
export type Alert = z.output<typeof Alert>

/** One row of security_alert_delivery. */
export const Delivery = z.object({ alert: z.string(), sink: z.string(), deliveredAt: z.date().nullable() })
export type Delivery = z.output<typeof Delivery>

/** Something that those who look after the house should see. */
export interface NewAlert {
  readonly kind: AlertKind
  readonly severity: Severity
  readonly account: string | null
  readonly network: string | null
  readonly signals: readonly string[]
  /** The latest of what it is about: looked at again, it is not counted again. */
  readonly at: Date
}

/** What is looked for; every part is optional. */
export interface AlertFilter {
  readonly state?: Alert['state'] | undefined
  readonly severity?: Severity | undefined
  readonly account?: string | undefined
}

export const AlertPath = z.object({ id: z.string().regex(/^alr_[0-9a-f-]{36}$/) })

/** To be told in one place. The queue holds which, and where; what is said is read when it goes out. */
export const Telling = z.object({ alert: z.string(), sink: z.string() })
export type Telling = z.output<typeof Telling>

/** One place, and the hour in which more was seen than it is told. */
export const Digest = z.object({ sink: z.string(), since: z.iso.datetime() })
export type Digest = z.output<typeof Digest>

/** What stands in the feed from that hour and was not told in a place. */
export interface Untold {
  readonly since: Date
  readonly count: number
}
