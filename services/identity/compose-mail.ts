/** Who carries our mail: one provider, or a second one for when the first is away. */
import { Secret } from '@althing/kernel/config'
import {
  createFallbackMail,
  createMailbox,
  createSendgridMail,
  createSendgridRelease,
  createSmtpMail,
  mailFault,
  type Mail,
} from '@althing/kernel/mail'
import type { Alerts } from './alerts/rules.ts'
import { composeDeliveries, tracked, type ComposedDeliveries } from './compose-deliveries.ts'
import type { Deliveries } from './deliveries/rules.ts'
import type { IdentityKit } from './kit.ts'
import { withLetters, type Post } from './letters.ts'
import type { Metrics } from './metrics.ts'

interface Letters extends ComposedDeliveries {
  readonly mail: Post
}

/** @param raise alerts are told by letters too, and come after them */
export function composeLetters(kit: IdentityKit, metrics: Metrics, raise: Alerts['raise']): Letters {
  const composed = composeDeliveries(kit, metrics, { raise, releases: releasesOf(kit.config) })
  return { ...composed, mail: composeMail(kit, metrics, composed.deliveries) }
}

function composeMail(
  { config, breakers }: IdentityKit,
  metrics: Metrics,
  deliveries: Pick<Deliveries, 'send'>,
): Post {
  const ways = [config.mailUrl, config.mailFallbackUrl]
    .filter((url, n) => n === 0 || url.reveal() !== '')
    .map((url, n) => ({
      mail: carrierOf(url, config.mailFrom),
      guard: breakers.breaker(n === 0 ? 'mail' : 'mail-fallback'),
    }))
  const carrier = createFallbackMail(ways as [(typeof ways)[number]], metrics.mailFellBack)
  return withLetters(tracked(carrier, deliveries), { organisation: config.organisation, url: config.url })
}

/** Carriers that drop what we send by lists of their own, each with the way to be taken off them. */
const releasesOf = ({ mailUrl, mailFallbackUrl }: IdentityKit['config']) =>
  [mailUrl, mailFallbackUrl].flatMap((url) => {
    const key = sendgridKeyOf(url)
    return key === null ? [] : [createSendgridRelease({ key })]
  })

const sendgrid = 'sendgrid:'
const sendgridKeyOf = (url: Secret): Secret | null =>
  url.reveal().startsWith(sendgrid) ? new Secret(url.reveal().slice(sendgrid.length)) : null

/** Without an address for it, mail stays in the queue, where an operator finds it. */
function carrierOf(url: Secret, from: string): Mail {
  const text = url.reveal()
  if (text.startsWith('smtp')) return createSmtpMail({ url, from })
  const key = sendgridKeyOf(url)
  if (key !== null) return createSendgridMail({ key, from })
  if (text.startsWith('http')) return createMailbox(text)
  return {
    send: async () =>
      Promise.reject(mailFault.unavailable(new Error('ALTHING_IDENTITY_MAIL_URL is not set.'))),
  }
}
