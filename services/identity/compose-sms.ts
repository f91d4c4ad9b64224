/** Who carries our text messages: one provider, or a second one for when the first is away. */
import type { Secret } from '@althing/kernel/config'
import { createFallbackSms, createSmsMailbox, createTwilioSms, twilioOf, type Sms } from '@althing/kernel/sms'
import type { IdentityKit } from './kit.ts'
import type { Metrics } from './metrics.ts'

/** @returns null when the settings name nobody: then no codes by text message are offered */
export function composeSms(
  { config, breakers }: IdentityKit,
  metrics: Pick<Metrics, 'smsFellBack'>,
): Sms | null {
  const ways = [config.smsUrl, config.smsFallbackUrl].flatMap((url, n) => {
    const sms = carrierOf(url)
    return sms === null ? [] : [{ sms, guard: breakers.breaker(n === 0 ? 'sms' : 'sms-fallback') }]
  })
  const [first, ...others] = ways
  return first === undefined ? null : createFallbackSms([first, ...others], metrics.smsFellBack)
}

function carrierOf(url: Secret): Sms | null {
  const text = url.reveal()
  if (text.startsWith('http')) return createSmsMailbox(text)
  const twilio = twilioOf(text)
  return twilio === null ? null : createTwilioSms(twilio)
}
