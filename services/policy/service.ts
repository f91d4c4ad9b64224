import { readFileSync } from 'node:fs'
import { signingKey } from '@althing/kernel/http'
import { createEvaluator, readBundle, type Evaluator } from '@althing/kernel/authz'
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
import { createAccess } from './access/rules.ts'
import { accessRoutes } from './access/routes.ts'
import { createSubjectStore } from './entities/store.ts'

const basePolicies = () => readFileSync(new URL('./language/base.cedar', import.meta.url), 'utf8')

/** The policy service on one screen: what it is made of, and who needs whom. */
export const policy = defineService({
  name: 'policy',
  world: 'person',
  config: Config,
  migrations: new URL('./migrations/', import.meta.url),
  async assemble({ config, atomic, authz, database }) {
    const threads = createParserThreads()
    const current = createCurrent(config.feedWaitMs)
    let fresh: NodeJS.Timeout | undefined
    let evaluate: Evaluator = () => ({ decision: false, determining: [], errors: [] })
    const publishing = createPublishing({
      key: signingKey(config.serviceKey.reveal()),
      parse: createLanguage(threads).parse,
      entities: roleHierarchy,
      announce(bundle) {
        authz.install(bundle)
        evaluate = createEvaluator(readBundle(bundle.bundle))
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
    const subjects = createSubjectStore(database)
    const access = createAccess({ rolesOf: subjects.rolesOf, evaluate: (question) => evaluate(question) })
    return {
      routes: [...bundleRoutes(current), ...accessRoutes(access, config.url)],
      personData,
      receives: [
        receive(rolesChanged, { from: ['identity'], payload: RolesChanged }, ({ person, roles, stamp }, db) =>
          createSubjectStore(db).put(person, roles, stamp),
        ),
      ],
      async start() {
        // Nobody tells us that our own bundle is fresh; while we run, it is.
        fresh = setInterval(() => authz.confirm(), 60_000).unref()
      },
      drain: () => current.release(),
      async stop() {
        clearInterval(fresh)
        await threads.close()
      },
    }
  },
})
