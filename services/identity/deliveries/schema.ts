import { z } from 'zod'
import { ListedDelivery, Suppressed } from '../contract.ts'

/** One row of delivery: as it is told, with its times as times. */
export const Delivery = ListedDelivery.extend({ beganAt: z.date(), changedAt: z.date() })
export type Delivery = z.output<typeof Delivery>
export type DeliveryState = Delivery['state']

/** One row of mail_suppression. */
export const Suppression = Suppressed.extend({ since: z.date() })
export type Suppression = z.output<typeof Suppression>

export interface DeliveryFilter {
  readonly account?: string | undefined
  readonly state?: DeliveryState | undefined
}

/** What it is that is to be sent, without its words. */
export interface Letter {
  readonly channel: Delivery['channel']
  readonly to: string
  readonly subject: string | null
  /** Whose it is, where that is known: a mailbox is looked up, a number cannot be. */
  readonly account?: string
}

/**
 * The jobs whose work is a letter, by how they are called in the queue: what waits there has not gone out. Others of the queue are no
 * matter of whoever looks after mail.
 */
export const letterJobs = [
  'identity.invite',
  'identity.join',
  'identity.join-guardian',
  'identity.join-rejected',
  'identity.recover',
  'identity.password-changed',
  'identity.magic-link',
  'identity.notice',
  'identity.address',
  'identity.address-changed',
  'identity.privacy-told',
  'identity.alert',
  'identity.alert-digest',
] as const

/**
 * One event of SendGrid's webhook, the part that we read:
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
export const MailEvent = z.looseObject({
  event: z.string().max(40),
  email: z.string().max(254).trim().toLowerCase(),
  /** Seconds since 1970. */
  timestamp: z.int().nonnegative(),
  /** Of a bounce: `bounce` came back for good, `blocked` may go another time. */
  type: z.string().max(40).optional(),
  reason: z.string().optional(),
  /** Ours, which we gave it on its way. */
  letter: z.string().max(64).optional(),
})
export type MailEvent = z.output<typeof MailEvent>
export const MailEvents = z.array(MailEvent).max(5_000)

export const QueuePath = z.object({ id: z.string().regex(/^\d{1,18}$/) })
