/** Sessions, with what their beginning and their end are counted by. */
import { composeLoginEvents } from './compose-factors.ts'
import { tellEnded, type IdentityKit } from './kit.ts'
import type { Metrics } from './metrics.ts'
import { createSessions } from './sessions/rules.ts'
import { createSessionStore } from './sessions/store.ts'

export function composeSessions(
  { config, clock, chance, ids, atomic }: IdentityKit,
  store: ReturnType<typeof createSessionStore>,
  metrics: Metrics,
) {
  return createSessions({
    clock,
    chance,
    ids,
    store,
    ...idlenessOf(config),
    minutes: config.sessionMinutes,
    rememberDays: config.rememberDays,
    most: config.sessionsPerAccount,
    onCreated: metrics.sessionCreated,
    onEnded: metrics.sessionsRevoked,
    onSwept: metrics.sessionsSwept,
    atomically: atomic((db, tx) => ({
      store: createSessionStore(db),
      tellEnded: (...ended) => tellEnded(tx, ...ended),
      came: ({ account, shown, device, network, isNew }) =>
        composeLoginEvents({ config, clock, ids }, db).note({
          account,
          method: shown,
          device,
          network,
          isNew,
          result: 'in',
        }),
      record: (entry) => tx.record(entry),
    })),
  })
}

/** The older rule books end everybody's unused session after a quarter of an hour. */
export function idlenessOf({
  preset,
  sessionIdleMinutes: idle,
  administratorIdleMinutes: office,
}: IdentityKit['config']) {
  const most = preset === 'suma' || preset === 'pci-4.0.1' || preset === 'nist-aal3' ? 15 : idle
  return { idleMinutes: Math.min(idle, most), officeIdleMinutes: Math.min(office, most) }
}
