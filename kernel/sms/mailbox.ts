import { NotTaken } from '../resilience/index.ts'
import { checkText, smsFault, type Sms } from './port.ts'

/**
 * The same mailbox behind HTTP that shows mail: for demonstrations and for journeys through the whole system. Never for real
 * people, whose codes would lie open there.
 */
export function createSmsMailbox(url: string, fetcher: typeof fetch = fetch): Sms {
  return {
    async send(message) {
      const { to, text } = checkText(message)
      try {
        const response = await fetcher(url, {
          method: 'POST',
          body: JSON.stringify({ kind: 'sms', to, text }),
          headers: { 'content-type': 'application/json' },
          redirect: 'error',
          signal: AbortSignal.timeout(5_000),
        })
        await response.body?.cancel().catch(() => {})
        if (!response.ok) throw new NotTaken(`The mailbox answered ${response.status}.`)
      } catch (error) {
        throw smsFault.unavailable(error)
      }
    },
  }
}
