/** The engine on its tables. */
import type { Values } from '@althing/kernel/config'
import type { Kit } from '@althing/kernel/service'
import type { Config } from './config.ts'
import { compiled } from './engine/policies.ts'
import { createEngine, type Reading } from './engine/rules.ts'
import { createEntityStore } from './entities/store.ts'
import type { PolicyMetrics } from './metrics.ts'

type PolicyKit = Kit<Values<typeof Config>>
type Database = PolicyKit['database']
type Db = Parameters<typeof createEntityStore>[0]

/** The bundle of a revision, signed with our key: read in the same moment as everything else. */
export type BundleInForce = (revision: number, db: Db) => Promise<string>

export function composeEngine(
  { database, revocations, clock, log }: PolicyKit,
  metrics: Pick<PolicyMetrics, 'unreadable'>,
  inForce: BundleInForce,
) {
  return createEngine({
    clock,
    revisions: createEntityStore(database).revisions,
    atOneMoment: (read) => atOneMoment(database, (db) => read(readingOf(db, inForce))),
    leastStamp: revocations.stampOf,
    onUnreadable(type) {
      metrics.unreadable()
      log.error('a thing cannot be read as it was kept', undefined, { type })
    },
  })
}

/** The first statement says which moment; the others see nothing that was committed later. */
export const atOneMoment = <T>(database: Database, read: (db: Db) => Promise<T>): Promise<T> =>
  database.transaction(read, { isolation: 'repeatable read', readOnly: true })

export const readingOf = (db: Db, inForce: BundleInForce): Reading => ({
  ...createEntityStore(db),
  policies: async (revision) => compiled(revision, await inForce(revision, db)),
})
