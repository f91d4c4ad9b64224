/** Who carries our mail: one provider, or a second one for when the first is away. */
import { Secret } from '@althing/kernel/config'
import {
  createFallbackMail,
  createMailbox,
  createSendgridMail,
  createSmtpMail,
  mailFault,
  type Mail,
} from '@althing/kernel/mail'
import { tracked } from './compose-deliveries.ts'
import type { Deliveries } from './deliveries/rules.ts'
import type { IdentityKit } from './kit.ts'
import { withLetters } from './letters.ts'
import type { Metrics } from './metrics.ts'

export function composeMail(
  { config, breakers }: IdentityKit,
  metrics: Metrics,
  deliveries: Pick<Deliveries, 'send'>,
): Mail {
  const ways = [config.mailUrl, config.mailFallbackUrl]
    .filter((url, n) => n === 0 || url.reveal() !== '')
    .map((url, n) => ({
      mail: carrierOf(url, config.mailFrom),
      guard: breakers.breaker(n === 0 ? 'mail' : 'mail-fallback'),
    }))
  const carrier = createFallbackMail(ways as [(typeof ways)[number]], metrics.mailFellBack)
  return withLetters(tracked(carrier, deliveries), { organisation: config.organisation, url: config.url })
}

/** Without an address for it, mail stays in the queue, where an operator finds it. */
function carrierOf(url: Secret, from: string): Mail {
  const text = url.reveal()
  if (text.startsWith('smtp')) return createSmtpMail({ url, from })
  if (text.startsWith('sendgrid:'))
    return createSendgridMail({ key: new Secret(text.slice('sendgrid:'.length)), from })
  if (text.startsWith('http')) return createMailbox(text)
  return {
    send: async () =>
      Promise.reject(mailFault.unavailable(new Error('ALTHING_IDENTITY_MAIL_URL is not set.'))),
  }
}
