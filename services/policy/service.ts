import { readFileSync } from 'node:fs'
import { signingKey } from '@althing/kernel/http'
import { ticker } from '@althing/kernel/jobs'
import { defineService, receive } from '@althing/kernel/service'
import { rolesChanged, RolesChanged } from '@althing/identity/contract'
import { Config } from './config.ts'
import { personData } from './person-data.ts'
import { createLanguage } from './language/cedar.ts'
import { createParserThreads } from './language/threads.ts'
import { createCurrent, createPublishing } from './publish/rules.ts'
import { bundleRoutes } from './publish/routes.ts'
import { createBundleStore } from './publish/store.ts'
import { roleHierarchy } from './publish/world.ts'
import { accessRoutes } from './access/routes.ts'
import { composeAccess } from './compose-access.ts'
import { composeDecisions } from './compose-decisions.ts'
import { decisionRoutes } from './decisions/routes.ts'
import { createEntities } from './entities/rules.ts'
import { entityRoutes } from './entities/routes.ts'
import { createEntityStore } from './entities/store.ts'

const basePolicies = () => readFileSync(new URL('./language/base.cedar', import.meta.url), 'utf8')

/** The policy service on one screen: what it is made of, and who needs whom. */
export const policy = defineService({
  name: 'policy',
  world: 'person',
  config: Config,
  migrations: new URL('./migrations/', import.meta.url),
  async assemble(kit) {
    const { config, atomic, authz, database } = kit
    const threads = createParserThreads()
    const current = createCurrent(config.feedWaitMs)
    let fresh: NodeJS.Timeout | undefined
    const publishing = createPublishing({
      key: signingKey(config.serviceKey.reveal()),
      parse: createLanguage(threads).parse,
      entities: roleHierarchy,
      announce(bundle) {
        authz.install(bundle)
        current.set(bundle)
      },
      atomically: atomic((db, tx) => ({
        store: createBundleStore(db),
        record: (revision) =>
          tx.record({
            action: 'policy.published',
            actor: 'service:policy',
            target: { type: 'PolicyBundle', id: String(revision) },
            outcome: 'done',
          }),
      })),
    })
    await publishing.publish(basePolicies(), 'release')
    const { access, search, log } = composeAccess(kit)
    const decisions = composeDecisions(kit)
    const entities = createEntities({
      atomically: atomic((db, tx) => ({ store: createEntityStore(db), record: tx.record })),
    })
    return {
      routes: [
        ...bundleRoutes(current),
        ...accessRoutes({ access, search, origin: config.url }),
        ...entityRoutes(entities),
        ...decisionRoutes(decisions),
      ],
      personData,
      receives: [
        receive(rolesChanged, { from: ['identity'], payload: RolesChanged }, ({ person, roles, stamp }, db) =>
          createEntityStore(db).putRoles(person, roles, stamp),
        ),
      ],
      tickers: [
        ticker({
          name: 'policy.sweep',
          everySeconds: 600,
          async run() {
            await createEntityStore(database).sweep()
            await decisions.retention.sweep()
          },
        }),
      ],
      async start() {
        // Nobody tells us that our own bundle is fresh; while we run, it is.
        fresh = setInterval(() => authz.confirm(), 60_000).unref()
      },
      drain: () => current.release(),
      async stop() {
        clearInterval(fresh)
        await threads.close()
        await log.flush()
      },
    }
  },
})
