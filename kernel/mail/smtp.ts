import { createTransport } from 'nodemailer'
import type { Secret } from '../config/index.ts'
import { checkMessage, mailFault, type Mail } from './port.ts'

interface Options {
  /** smtp://user:password@host:port or smtps://… */
  readonly url: Secret
  readonly from: string
}

/** Any SMTP server (RFC 5321). Deadlines are short: a queue tries again, a person does not wait. */
export function createSmtpMail({ url, from }: Options): Mail {
  const transport = createTransport(url.reveal(), { from } as never)
  return {
    async send(message) {
      const checked = checkMessage(message)
      try {
        await transport.sendMail({ from, ...checked, disableFileAccess: true, disableUrlAccess: true })
      } catch (error) {
        throw mailFault.unavailable(error)
      }
    },
  }
}
