/** The two feeds that every door depends on, the policy bundle and the revocations, each followed by long poll. */
import { BundleAnswer } from '../authz/index.ts'
import { followRevocations, pause, RevocationFeed } from '../http/index.ts'
import type { Kit, Service } from './define.ts'

/** A feed has its own patience: a breaker would keep it away for a minute after the issuer is back. */
const quietly = { carryCorrelation: false, unguarded: true } as const

/** Follows the two feeds that every door depends on; each by long poll, so that news arrives in milliseconds. */
export function followFeeds(
  service: Service,
  kit: Kit<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<unknown> {
  const complain = (feed: string) => (error: unknown) =>
    kit.log.warn('feed does not answer', { feed, cause: String(error) })
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
    service.name === 'policy' ? undefined : followBundle(kit, signal, complain('policy bundle')),
  ])
}

async function followBundle(
  kit: Kit<Record<string, unknown>>,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const path = `/internal/policy/bundle?revision=${kit.authz.revision()}`
      const said = await kit.peers
        .peer('policy')
        .call({ method: 'GET', path, reply: BundleAnswer, timeoutMs: 30_000, signal, ...quietly })
      if ('unchanged' in said) kit.authz.confirm()
      else kit.authz.install(said)
    } catch (error) {
      if (signal.aborted) return
      onFailure(error)
      await pause(500, signal)
    }
  }
}
