/** The engine on its tables. */
import type { Values } from '@althing/kernel/config'
import type { Kit } from '@althing/kernel/service'
import type { Config } from './config.ts'
import { compiled } from './engine/policies.ts'
import { createEngine, type Reading } from './engine/rules.ts'
import { createEntityStore } from './entities/store.ts'
import type { PolicyMetrics } from './metrics.ts'
import { createBundleStore } from './publish/store.ts'

type PolicyKit = Kit<Values<typeof Config>>
type Database = PolicyKit['database']
type Db = Parameters<typeof createEntityStore>[0]

export function composeEngine(
  { database, revocations, log }: PolicyKit,
  metrics: Pick<PolicyMetrics, 'unreadable'>,
) {
  return createEngine({
    revisions: createEntityStore(database).revisions,
    atOneMoment: (read) => atOneMoment(database, (db) => read(readingOf(db))),
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

export function readingOf(db: Db): Reading {
  const bundles = createBundleStore(db)
  return {
    ...createEntityStore(db),
    async policies(revision) {
      const bundle = await bundles.bundleOf(revision)
      if (bundle === null) throw new Error(`There are no policies of revision ${revision}.`)
      return compiled(revision, bundle)
    },
  }
}
