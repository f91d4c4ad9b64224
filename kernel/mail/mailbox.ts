import { NotTaken } from '../resilience/index.ts'
import { checkMessage, mailFault, type Mail } from './port.ts'

/**
 * A mailbox behind HTTP that shows what it was sent: for demonstrations and for journeys through the whole system. Never for
 * real people, whose mail would lie open there.
 */
export function createMailbox(url: string, fetcher: typeof fetch = fetch): Mail {
  return {
    async send(message) {
      const { to, subject, text } = checkMessage(message)
      try {
        const body = JSON.stringify({ kind: 'mail', to, subject, text })
        const response = await fetcher(url, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
          redirect: 'error',
          signal: AbortSignal.timeout(5_000),
        })
        await response.body?.cancel().catch(() => {})
        if (!response.ok) throw new NotTaken(`The mailbox answered ${response.status}.`)
      } catch (error) {
        throw mailFault.unavailable(error)
      }
    },
  }
}
