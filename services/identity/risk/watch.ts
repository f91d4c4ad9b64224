/**
 * What no successful sign-in would show: accounts that are guessed at, and networks that try many accounts in vain. Looked for
 * every minute in the lines of who tried; what has been told is told again only when there is more of it.
 */
import type { Clock } from '@althing/kernel/context'
import type { Raised } from '../proofs.ts'
import type { Policy } from './settings.ts'

interface Needs {
  readonly clock: Clock
  readonly policy: Policy
  readonly guessedAt: (since: Date, least: number) => Promise<readonly { account: string; latest: Date }[]>
  readonly crowded: (since: Date, least: number) => Promise<readonly { network: string; latest: Date }[]>
  readonly raise: (alert: Raised) => Promise<void>
}

export function createWatch({ clock, policy: { limits, windowMinutes }, guessedAt, crowded, raise }: Needs) {
  return async function watch(): Promise<void> {
    const since = new Date(clock.now().getTime() - windowMinutes * 60_000)
    for (const { account, latest } of await guessedAt(since, limits.tries))
      await raise({
        kind: 'many-tries',
        severity: 'low',
        account,
        network: null,
        signals: ['velocity'],
        at: latest,
      })
    for (const { network, latest } of await crowded(since, limits.failingAccounts))
      await raise({
        kind: 'many-accounts',
        severity: 'high',
        account: null,
        network,
        signals: ['many-accounts'],
        at: latest,
      })
  }
}
