/** The two feeds that every door depends on, the policy bundle and the revocations, each followed by long poll. */
import { BundleAnswer, longestBundle } from '../authz/index.ts'
import { followRevocations, pause, RevocationFeed } from '../http/index.ts'
import { isFault } from '../errors/index.ts'
import type { Kit, Service } from './define.ts'
import type { BundleOutcome } from './metrics.ts'

/** A feed has its own patience: a breaker would keep it away for a minute after the issuer is back. */
export const quietly = { carryCorrelation: false, unguarded: true } as const

/** Follows the two feeds that every door depends on; each by long poll, so that news arrives in milliseconds. */
export function followFeeds(
  service: Service,
  kit: Kit<Record<string, unknown>>,
  signal: AbortSignal,
  onBundle: (outcome: BundleOutcome) => void,
): Promise<unknown> {
  const complain = (feed: string) => patiently(kit, feed)
  const revocations = followRevocations(
    kit.revocations,
    (after, ends) =>
      kit.peers.peer('identity').call({
        method: 'GET',
        path: `/internal/revocations?after=${after}`,
        reply: RevocationFeed,
        timeoutMs: 30_000,
        signal: ends,
        ...quietly,
      }),
    signal,
    complain('revocations'),
  )
  return Promise.all([
    service.name === 'identity' ? undefined : revocations,
    service.name === 'policy'
      ? undefined
      : followBundle(kit, signal, { onBundle, onFailure: complain('policy bundle') }),
  ])
}

interface Told {
  readonly onBundle: (outcome: BundleOutcome) => void
  readonly onFailure: (error: unknown) => void
}

/** What cannot be read as a bundle is as good as none, and so is one that somebody else made. */
function outcomeOf(error: unknown): BundleOutcome {
  if (isFault(error, 'kernel.authz.untrusted')) return 'untrusted'
  return isFault(error, 'kernel.peer.unavailable') || isFault(error, 'kernel.resilience.too_late')
    ? 'unreachable'
    : 'unreadable'
}

/** A bundle is a text within JSON: each of its characters may take two, and some of them six. */
const longestBundleAnswer = 4 * longestBundle

async function followBundle(
  kit: Kit<Record<string, unknown>>,
  signal: AbortSignal,
  { onBundle, onFailure }: Told,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const path = `/internal/policy/bundle?revision=${kit.authz.revision()}&digest=${kit.authz.digest()}`
      const asked = kit.clock.now()
      const said = await kit.peers.peer('policy').call({
        method: 'GET',
        path,
        reply: BundleAnswer,
        timeoutMs: 30_000,
        longestAnswer: longestBundleAnswer,
        signal,
        ...quietly,
      })
      if ('unchanged' in said) kit.authz.confirm(asked)
      else kit.authz.install(said, asked)
      onBundle('heard')
    } catch (error) {
      if (signal.aborted) return
      onBundle(outcomeOf(error))
      onFailure(error)
      await pause(500, signal)
    }
  }
}

/** Services start side by side, so a feed that is not there yet is no news; one that stays away is, once a minute. */
export function patiently(kit: Kit<Record<string, unknown>>, feed: string): (error: unknown) => void {
  let [since, last, quietUntil] = [0, 0, 0]
  return (error) => {
    const now = kit.clock.now().getTime()
    if (now - last > 5_000) since = now // It answered in between.
    last = now
    if (now - since < 10_000 || now < quietUntil) return
    quietUntil = now + 60_000
    kit.log.warn('feed does not answer', {
      feed,
      seconds: Math.round((now - since) / 1000),
      cause: String(error),
    })
  }
}
