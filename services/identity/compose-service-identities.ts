/** Programs that come in their own name, with what they are lent: who owns them, which servers there are, and what signs and revokes. */
import { newApiKey } from '@althing/kernel/http'
import { createAccountStore } from './accounts/store.ts'
import type { PublishedKeys } from './keys/published.ts'
import type { IdentityKit } from './kit.ts'
import type { Metrics } from './metrics.ts'
import { createResourceStore } from './resources/store.ts'
import { createKeyHashing } from './service-identities/hashing.ts'
import { createServiceIdentities } from './service-identities/rules.ts'
import { createMachineSigner } from './service-identities/signer.ts'
import { createServiceIdentityStore } from './service-identities/store.ts'
import { createKeyUse } from './service-identities/use.ts'
import { createSessionStore } from './sessions/store.ts'

export function composeServiceIdentities(kit: IdentityKit, published: PublishedKeys, metrics: Metrics) {
  const { config, clock, chance, ids, database, atomic, derivedKey, limits } = kit
  const accounts = createAccountStore(database)
  const shared = {
    clock,
    ids,
    newKey: () => newApiKey(chance),
    hashing: createKeyHashing(derivedKey('api-keys')),
    store: createServiceIdentityStore(database),
    servers: createResourceStore(database).all,
  }
  return {
    serviceIdentities: createServiceIdentities({
      ...shared,
      findPerson: (who) => (who.startsWith('acc_') ? accounts.byId(who) : accounts.byIdentifier(who)),
      counted: metrics.serviceIdentityChanged,
      atomically: atomic((db, tx) => ({
        store: createServiceIdentityStore(db),
        revoke: (...ended) => createSessionStore(db).revoke(...ended),
        record: (entry) => tx.record(entry),
      })),
    }),
    keyUse: createKeyUse({
      ...shared,
      ownerById: accounts.byId,
      ownAudience: `${config.url}/api`,
      counted: metrics.apiKeyShown,
      sign: createMachineSigner({
        issuer: config.url,
        clock,
        chance,
        signingKey: () => published.signing('ES256'),
      }),
      spend: (key) =>
        limits.spend('service-key', key, { most: config.keyTokensPerMinute, withinSeconds: 60 }),
      atomically: atomic((_db, tx) => ({ record: (entry) => tx.record(entry) })),
    }),
  }
}
