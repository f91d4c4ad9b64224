/** What identity looks at again and again: what is over, what is due, and whether keys are of age. */
import { ticker, type Ticker } from '@althing/kernel/jobs'
import type { Composed, IdentityKit } from './compose.ts'
import { createFederationStore } from './federation/store.ts'
import { sweepLinks } from './links/store.ts'
import { createAttemptStore } from './sign-in/attempt-store.ts'

export function tickersOf(
  { database, chance, clock }: IdentityKit,
  {
    stores,
    sessions,
    keys,
    guesses,
    mailedCodes,
    passkeys,
    loginEvents,
    joining,
    profile,
    exports,
    erasures,
    alerts,
    deliveries,
    backchannel,
    documents,
    signalOperations,
    serviceIdentities,
    watch,
    logout,
    clientTending,
  }: Composed & { readonly logout: { readonly work: () => Promise<unknown> } },
): Ticker[] {
  const sweep = inTurn([
    sessions.sweep,
    guesses.sweep,
    mailedCodes.sweep,
    passkeys.sweep,
    loginEvents.sweep,
    joining.sweep,
    profile.sweep,
    exports.sweep,
    alerts.sweep,
    deliveries.sweep,
    backchannel.sweep,
    documents.sweep,
    clientTending.sweep,
    signalOperations.sweep,
    serviceIdentities.sweep,
    () => createAttemptStore(database, chance).sweep(clock.now()),
    () => stores.records.sweep(),
    () => createFederationStore(database, chance).sweep(clock.now()),
    () => sweepLinks(database, clock.now()),
  ])
  return [
    ticker({ name: 'identity.sweep', everySeconds: 60, run: sweep }),
    ticker({ name: 'identity.erasures', everySeconds: 15, run: async () => void (await erasures.work()) }),
    ticker({ name: 'identity.logout', everySeconds: 5, run: async () => void (await logout.work()) }),
    ticker({ name: 'identity.watch', everySeconds: 60, run: watch }),
    ticker({ name: 'identity.client-secrets', everySeconds: 600, run: clientTending.remind }),
    ticker({ name: 'identity.keys', everySeconds: 600, run: keys.tend }),
  ]
}

/**
 * Each after the other, and each whatever became of those before it: a table that cannot be swept must not let all the others grow.
 * @throws AggregateError when all have had their turn and some have failed
 */
function inTurn(works: readonly (() => Promise<unknown>)[]): () => Promise<void> {
  return async () => {
    const failures: unknown[] = []
    for (const work of works)
      try {
        await work()
      } catch (error) {
        failures.push(error)
      }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${works.length} failed`)
  }
}
