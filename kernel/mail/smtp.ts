import { createTransport } from 'nodemailer'
import type { Secret } from '../config/index.ts'
import { NotTaken } from '../resilience/index.ts'
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
      const { id: _ours, despite: _lists, ...checked } = checkMessage(message)
      try {
        await transport.sendMail({ from, ...checked, disableFileAccess: true, disableUrlAccess: true })
      } catch (error) {
        throw mailFault.unavailable(
          hasRefused(error) ? new NotTaken('The mail server refused it.', { cause: error }) : error,
        )
      }
    },
  }
}

/** The server has answered with a refusal (RFC 5321, section 4.2.1: 4yz and 5yz). */
const hasRefused = (error: unknown): boolean =>
  error instanceof Error && Number((error as { responseCode?: unknown }).responseCode) >= 400
