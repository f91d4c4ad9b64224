import { Fault } from '../errors/index.ts'
import type { Secret } from '../config/index.ts'
import { NotTaken } from '../resilience/index.ts'
import { checkMessage, mailFault, type Mail } from './port.ts'

interface Options {
  /** The key of the interface, with the permission to send and no other. */
  readonly key: Secret
  readonly from: string
  /** Where the interface is; another one only in tests. */
  readonly url?: string
  readonly fetch?: typeof fetch
}

/** https://www.twilio.com/docs/sendgrid/ui/sending-email/index-suppressions#bypass-suppressions */
const filters = { bounces: 'bypass_bounce_management', complaints: 'bypass_spam_management' } as const

/**
 * SendGrid's Web API, version 3: POST /v3/mail/send, 202 when it was taken. What it refuses as wrong (400, 413) no retry can mend; a
 * key that does not open, too many, and what is its own fault a queue repeats.
 */
export function createSendgridMail({
  key,
  from,
  url = 'https://api.sendgrid.com',
  fetch: fetcher = fetch,
}: Options): Mail {
  return {
    async send(message) {
      const { to, subject, text, html, id, despite } = checkMessage(message)
      const content = [
        { type: 'text/plain', value: text },
        ...(html === undefined ? [] : [{ type: 'text/html', value: html }]),
      ]
      const body = JSON.stringify({
        personalizations: [{ to: [{ email: to }] }],
        from: { email: from },
        subject,
        content,
        // Comes back with every event of it.
        ...(id === undefined ? {} : { custom_args: { letter: id } }),
        ...(despite === undefined ? {} : { mail_settings: { [filters[despite]]: { enable: true } } }),
        // Links stay as we wrote them: a provider that rewrote them would see who opens what, and hold our tokens.
        tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
      })
      try {
        const response = await fetcher(`${url}/v3/mail/send`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key.reveal()}`, 'content-type': 'application/json' },
          body,
          redirect: 'error',
          signal: AbortSignal.timeout(5_000),
        })
        // The status says it all: a body that breaks off takes nothing back.
        await response.body?.cancel().catch(() => {})
        if (response.status === 202) return
        if (response.status === 400 || response.status === 413)
          throw mailFault.invalid(new Error(`SendGrid answered ${response.status}.`))
        throw new NotTaken(`SendGrid answered ${response.status}.`)
      } catch (error) {
        throw error instanceof Fault ? error : mailFault.unavailable(error)
      }
    },
  }
}

/** The lists by which SendGrid drops what is sent to a mailbox, whatever we think of it. */
const lists = ['bounces', 'spam_reports', 'invalid_emails'] as const

/**
 * Takes a mailbox off the lists of SendGrid: DELETE /v3/suppression/{list}/{email}, 204 when it was on it and 404 when it was not. A key
 * that may send and nothing else is refused.
 * @throws Fault kernel.mail.unavailable: it may still be on one of them
 */
export function createSendgridRelease({
  key,
  url = 'https://api.sendgrid.com',
  fetch: fetcher = fetch,
}: Omit<Options, 'from'>): (address: string) => Promise<void> {
  async function releaseFrom(list: string, address: string): Promise<void> {
    const response = await fetcher(`${url}/v3/suppression/${list}/${encodeURIComponent(address)}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${key.reveal()}` },
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    })
    await response.body?.cancel().catch(() => {})
    if (response.status !== 204 && response.status !== 404)
      throw new Error(`SendGrid answered ${response.status}.`)
  }
  return async (address) => {
    try {
      await Promise.all(lists.map((list) => releaseFrom(list, address)))
    } catch (error) {
      throw mailFault.unavailable(error)
    }
  }
}
