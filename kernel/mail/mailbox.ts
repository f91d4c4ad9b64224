import { NotTaken } from '../resilience/index.ts'
import { checkMessage, mailFault, type Mail } from './port.ts'

/**
 * A mailbox behind HTTP that shows what it was sent: for demonstrations and for journeys through the whole system. Never for
 * real people, whose mail would lie open there.
 */
export function createMailbox(url: string, fetcher: typeof fetch = fetch): Mail {
  const put = putIn(url, fetcher)
  return {
    async send(message) {
      const { to, subject, text } = checkMessage(message)
      await put({ kind: 'mail', to, subject, text }).catch((error: unknown) => {
        throw mailFault.unavailable(error)
      })
    },
  }
}

/** Of text messages too: one mailbox shows both. @throws NotTaken when nothing can have been shown */
export function putIn(url: string, fetcher: typeof fetch) {
  return async function put(shown: Readonly<Record<string, string>>): Promise<void> {
    const response = await fetcher(url, {
      method: 'POST',
      body: JSON.stringify(shown),
      headers: { 'content-type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    })
    await response.body?.cancel().catch(() => {})
    if (!response.ok) throw new NotTaken(`The mailbox answered ${response.status}.`)
  }
}
