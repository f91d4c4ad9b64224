import { putIn } from '../mail/mailbox.ts'
import { checkText, smsFault, type Sms } from './port.ts'

/**
 * The same mailbox behind HTTP that shows mail: for demonstrations and for journeys through the whole system. Never for real
 * people, whose codes would lie open there.
 */
export function createSmsMailbox(url: string, fetcher: typeof fetch = fetch): Sms {
  const put = putIn(url, fetcher)
  return {
    async send(message) {
      const { to, text } = checkText(message)
      await put({ kind: 'sms', to, text }).catch((error: unknown) => {
        throw smsFault.unavailable(error)
      })
    },
  }
}
