import { z } from 'zod'
import { ListedDelivery, Suppressed } from '../contract.ts'

/** One row of delivery: as it is told, with its times as times. */
export const Delivery = ListedDelivery.extend({ beganAt: z.date(), changedAt: z.date() })
export type Delivery = z.output<typeof Delivery>
export type DeliveryState = Delivery['state']

/** One row of mail_suppression. */
export const Suppression = Suppressed.extend({ since: z.date(), endsAt: z.date() })
export type Suppression = z.output<typeof Suppression>

/** One that is over or was lifted is remembered for a while. */
export const Remembered = Suppression.extend({ liftedAt: z.date().nullable() })
export type Remembered = z.output<typeof Remembered>

/** A mailbox that is to be held back, and whose it is where that is known. */
export interface Held extends Omit<Suppression, 'endsAt'> {
  readonly account: string | null
}

/**
 * How long. What came back is tried again after a day, then after four, sixteen and thirty: a mailbox may have been full. Who called
 * our letters unwanted is not written to of our own accord for a year. What is over is remembered for a while, so that the next time
 * is not a first time.
 */
export const holdDays = { first: 1, most: 30, complained: 365, remembered: 90 } as const
export type HoldDays = typeof holdDays

export interface DeliveryFilter {
  readonly account?: string | undefined
  readonly state?: DeliveryState | undefined
}

/** Whom something is sent to, as far as we know them, and why they get it. */
export interface Addressee {
  /** Whose it is: by it their lines are found when they are forgotten. Null where nobody has an account yet, or it is the office’s. */
  readonly account: string | null
  /**
   * Somebody asked for it just now at this address; or it is about the safety of an account or of the house; or we wrote of our own
   * accord. Only the last is kept from who called our letters unwanted: nobody is locked out of their account by a click.
   */
  readonly why: 'asked' | 'safety' | 'ours'
}

/** What it is that is to be sent, without its words. */
export interface Letter extends Addressee {
  readonly channel: Delivery['channel']
  readonly to: string
  readonly subject: string | null
  /** The job whose work it is: its tries are one letter. Null for what is sent at once or not at all. */
  readonly job: string | null
}

/** What the carrier tells of one. */
export interface Word {
  readonly state: DeliveryState
  readonly reason: string | null
  readonly at: Date
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
  'identity.backchannel-asked',
  'identity.address',
  'identity.address-changed',
  'identity.phone-changed',
  'identity.privacy-told',
  'identity.alert',
  'identity.alert-digest',
  'identity.client-secret',
] as const

/** What no table of ours takes, and no reader needs. */
const controls = /[\u0000-\u001f\u007f]/g

/**
 * One event of SendGrid's webhook, the part that we read:
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
export const MailEvent = z.looseObject({
  event: z.string().max(40),
  email: z
    .string()
    .max(254)
    .regex(/^[^\u0000-\u001f\u007f]*$/)
    .trim()
    .toLowerCase(),
  /** Seconds since 1970, and within this century. */
  timestamp: z.int().min(0).max(4_102_444_800),
  /** Of a bounce: `bounce` came back for good, `blocked` may go another time. */
  type: z.string().max(40).optional(),
  reason: z
    .string()
    .transform((text) => text.replaceAll(controls, ' ').slice(0, 200))
    .optional(),
  /** Ours, which we gave it on its way. */
  letter: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
})
export type MailEvent = z.output<typeof MailEvent>
/** As they are sent; each is read by itself, so that one that is not right costs none of the others. */
export const SentEvents = z.array(z.unknown()).max(5_000)

/** Let go again here; and at the carrier, where that one keeps lists of its own: `kept` when it would not, or did not answer. */
export const Lifted = z.object({
  done: z.literal(true),
  carrier: z.enum(['without_lists', 'released', 'kept']),
})
export type Lifted = z.output<typeof Lifted>

export const Unreached = z.object({ account: z.string(), at: z.iso.datetime() })
export type Unreached = z.output<typeof Unreached>

export const QueuePath = z.object({ id: z.string().regex(/^\d{1,18}$/) })
