/**
 * What SendGrid tells of letters, signed with a key of its own (ECDSA over P-256 and SHA-256, over the time and the body as they came):
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { DeliveryState, MailEvent, Suppression } from './schema.ts'

export const signatureHeader = 'x-twilio-email-event-webhook-signature'
export const timestampHeader = 'x-twilio-email-event-webhook-timestamp'

/** An old one was heard by somebody who keeps it. The carrier signs every sending anew. */
const toleranceMs = 600_000

/** As the carrier's pages show it: base64 of the key in DER. Null when it is none. */
export function eventKey(text: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
      ? key
      : null
  } catch {
    return null
  }
}

interface Signed {
  readonly body: Buffer
  readonly timestamp: string
  readonly signature: string
}

export function isSigned({ body, timestamp, signature }: Signed, key: KeyObject, now: Date): boolean {
  if (!/^\d{1,12}$/.test(timestamp) || !/^[A-Za-z0-9+/]{1,200}={0,2}$/.test(signature)) return false
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > toleranceMs) return false
  return verify(
    'sha256',
    Buffer.concat([Buffer.from(timestamp), body]),
    key,
    Buffer.from(signature, 'base64'),
  )
}

type Told = Pick<MailEvent, 'event' | 'type' | 'reason'>

/** Null for what says nothing about arriving: opened, clicked, taken in hand. */
export function outcomeOf({ event, type }: Told): DeliveryState | null {
  if (event === 'bounce') return type === 'blocked' ? 'failed' : 'bounced'
  return outcomes[event] ?? null
}

const outcomes: Readonly<Record<string, DeliveryState>> = {
  delivered: 'delivered',
  deferred: 'deferred',
  dropped: 'dropped',
  spamreport: 'complained',
}

/** Whether nothing more is to be sent there: what came back for good, and what the carrier itself holds back for such a reason. */
export function suppressionFor({ event, type, reason = '' }: Told): Suppression['reason'] | null {
  if (event === 'spamreport') return 'complained'
  if (event === 'bounce') return type === 'blocked' ? null : 'bounced'
  if (event !== 'dropped') return null
  return dropped.find(([words]) => words.test(reason))?.[1] ?? null
}

const dropped: readonly (readonly [RegExp, Suppression['reason']])[] = [
  [/^bounced address/i, 'bounced'],
  [/^spam reporting address/i, 'complained'],
  [/^invalid/i, 'invalid'],
]
