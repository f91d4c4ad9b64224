/** The keys that sign what others are told, and who wraps them. */
import { createKeyServices } from '@althing/kernel/keys'
import { createPublished } from './keys/published.ts'
import { createKeys } from './keys/rules.ts'
import { createSealing } from './keys/sealing.ts'
import { createKeyStore } from './keys/store.ts'
import type { IdentityKit } from './kit.ts'
import type { Metrics } from './metrics.ts'

export function composeKeys(kit: IdentityKit, metrics: Metrics) {
  const { config, clock, chance, breakers, database, atomic, derivedKey, log } = kit
  const serviceKey = derivedKey('wrapping-signing-keys')
  const sealing = createSealing({
    chance,
    services: createKeyServices(config.keyServices.reveal(), { serviceKey, clock, chance, breakers }),
    sealingKey: derivedKey('signing-keys'),
  })
  const keys = createKeys({
    clock,
    sealing,
    hintsForMs: Math.max(config.rememberDays * 1440, config.sessionMinutes) * 60_000,
    store: createKeyStore(database),
    atomically: atomic((db, tx) => ({ store: createKeyStore(db), record: (entry) => tx.record(entry) })),
  })
  const published = createPublished({
    clock,
    keys,
    sealing,
    onLoaded: metrics.keysLoaded,
    onUnopened: (kid, error) => log.warn('signing key not opened', { kid, cause: String(error) }),
  })
  return { keys, published }
}
