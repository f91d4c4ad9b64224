/**
 * The places where alerts are told. Each call out has a deadline and a breaker, follows no redirect, and is tried again by the queue
 * when it fails.
 */
import { createHash } from 'node:crypto'
import type { Secret } from '@althing/kernel/config'
import type { Clock } from '@althing/kernel/context'
import { withDeadline, type Breaker } from '@althing/kernel/resilience'
import type { Post } from '../letters.ts'
import type { Sink } from './rules.ts'
import type { Alert, Untold } from './schema.ts'
import { signed } from './signature.ts'
import { alertLine, alertMail, untoldLine, untoldMail } from './texts.ts'

interface Needs {
  readonly clock: Clock
  readonly mail: Post
  readonly mailTo: readonly string[]
  readonly webhook: { readonly url: string; readonly secret: Secret } | null
  readonly chatUrl: Secret
  readonly breaker: (name: string) => Breaker
  readonly locale: 'is' | 'en'
  readonly organisation: string
  readonly url: string
  readonly fetch?: typeof fetch
}

const deadlineMs = 5_000

export function createSinks(needs: Needs): ReadonlyMap<string, Sink> {
  const { clock, mail, mailTo, webhook, chatUrl, breaker, locale, organisation, url } = needs
  const post = createPost(needs.fetch ?? fetch)
  const letterOf = ({ id }: Alert) => ({ organisation, link: `${url}/admin/alerts/${id}` })
  const all = { organisation, link: `${url}/admin/alerts` }
  const office = { account: null, why: 'safety', lang: locale } as const
  const sinks = new Map<string, Sink>()

  // One for each address, so that one that is refused does not have the others read it twice. Its name tells no address.
  for (const to of mailTo)
    sinks.set(`mail ${createHash('sha256').update(to.toLowerCase()).digest('hex').slice(0, 16)}`, {
      kind: 'mail',
      send: (alert) => mail.send({ ...office, to, ...alertMail(locale, alert, letterOf(alert)) }),
      sendUntold: ({ count }) => mail.send({ ...office, to, ...untoldMail(locale, count, all) }),
    })

  if (webhook !== null) {
    const guard = breaker('alert-webhook')
    const event = (id: string, body: string) =>
      guard.run(() => post(webhook.url, body, signed(id, clock.now(), body, webhook.secret)))
    sinks.set('webhook', {
      kind: 'webhook',
      send: (alert) => event(alert.id, JSON.stringify(eventOf(alert, letterOf(alert).link))),
      sendUntold: (untold) =>
        event(`untold_${untold.since.getTime()}`, JSON.stringify(untoldEventOf(untold, all.link))),
    })
  }

  if (chatUrl.reveal() !== '') {
    const guard = breaker('alert-chat')
    const say = (text: string) => guard.run(() => post(chatUrl.reveal(), JSON.stringify({ text }), {}))
    sinks.set('chat', {
      kind: 'chat',
      send: (alert) => say(alertLine(locale, alert, letterOf(alert))),
      sendUntold: ({ count }) => say(untoldLine(locale, count, all)),
    })
  }
  return sinks
}

const eventOf = (
  { id, kind, severity, account, network, signals, firstSeen, lastSeen, count }: Alert,
  link: string,
) => ({
  type: 'security_alert.opened',
  timestamp: lastSeen.toISOString(),
  data: { id, kind, severity, account, network, signals, firstSeen, lastSeen, count, link },
})

const untoldEventOf = ({ since, count }: Untold, link: string) => ({
  type: 'security_alert.untold',
  timestamp: since.toISOString(),
  data: { since, count, link },
})

/** @throws Error without the address: that of a chat is a secret */
function createPost(fetcher: typeof fetch) {
  return (url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> =>
    withDeadline(deadlineMs, async (signal) => {
      const response = await fetcher(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
        redirect: 'error',
        signal,
      }).catch(() => {
        throw new Error('The place for alerts cannot be reached.')
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`The place for alerts answered ${response.status}.`)
    })
}
