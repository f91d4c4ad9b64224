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
  const sweep = async () => {
    const now = clock.now()
    await sessions.sweep()
    await guesses.sweep()
    await mailedCodes.sweep()
    await passkeys.sweep()
    await loginEvents.sweep()
    await joining.sweep()
    await profile.sweep()
    await exports.sweep()
    await alerts.sweep()
    await deliveries.sweep()
    await backchannel.sweep()
    await documents.sweep()
    await clientTending.sweep()
    await signalOperations.sweep()
    await serviceIdentities.sweep()
    await createAttemptStore(database, chance).sweep(now)
    await stores.records.sweep()
    await createFederationStore(database, chance).sweep(now)
    await sweepLinks(database, now)
  }
  return [
    ticker({ name: 'identity.sweep', everySeconds: 60, run: sweep }),
    ticker({ name: 'identity.erasures', everySeconds: 15, run: async () => void (await erasures.work()) }),
    ticker({ name: 'identity.logout', everySeconds: 5, run: async () => void (await logout.work()) }),
    ticker({ name: 'identity.watch', everySeconds: 60, run: watch }),
    ticker({ name: 'identity.client-secrets', everySeconds: 600, run: clientTending.remind }),
    ticker({ name: 'identity.keys', everySeconds: 600, run: keys.tend }),
  ]
}
