import { ticker, type Ticker } from '@althing/kernel/jobs'
import { defineService, receive } from '@althing/kernel/service'
import { rolesChanged, RolesChanged } from '@althing/identity/contract'
import { Config } from './config.ts'
import { personData } from './person-data.ts'
import { accessRoutes } from './access/routes.ts'
import { composeAccess, type PolicyKit } from './compose-access.ts'
import { answerRoutes } from './answers/routes.ts'
import { createRenewing } from './answers/renewing.ts'
import { composeDecisions, composeReported } from './compose-decisions.ts'
import { rememberedPolicies } from './compose-remembered.ts'
import { composeExplain } from './compose-explain.ts'
import { composeOverrides } from './compose-overrides.ts'
import { basePolicies, composePublishing, type Publishings } from './compose-publish.ts'
import { decisionRoutes } from './decisions/routes.ts'
import { draftRoutes } from './drafts/routes.ts'
import { createEntities } from './entities/rules.ts'
import { entityRoutes } from './entities/routes.ts'
import { createEntityStore } from './entities/store.ts'
import { explainRoutes } from './explain/routes.ts'
import { impactRoutes } from './impact/routes.ts'
import { enginesIn } from './compose-external.ts'
import { engineRoutes } from './external/routes.ts'
import { createPolicyMetrics } from './metrics.ts'
import { emergencyRoutes } from './overrides/emergency-routes.ts'
import { overrideRoutes } from './overrides/routes.ts'
import { bundleRoutes } from './publish/routes.ts'
import { versionRoutes } from './publish/version-routes.ts'
import { shadowRoutes } from './shadow/routes.ts'

/** The policy service on one screen: what it is made of, and who needs whom. */
export const policy = defineService({
  name: 'policy',
  world: 'person',
  config: Config,
  migrations: new URL('./migrations/', import.meta.url),
  limits: ['policy-check', 'override-asks'],
  async assemble(kit) {
    const { config } = kit
    const metrics = createPolicyMetrics(
      kit.metrics,
      enginesIn(config).map(({ name }) => name),
    )
    const published = composePublishing(kit, metrics)
    await published.publishing.release(basePolicies(), 'release')
    const { access, search, log, engine, answers, others } = composeAccess(kit, metrics, {
      beside: published.shadow.beside,
      inForce: published.inForce,
    })
    const { explaining, finding } = composeExplain(kit, {
      engine,
      enginesFor: others.named,
      questionOf: access.questionOf,
      withDraft: async (id) => (await published.prepared(id))?.prepared?.set ?? null,
    })
    const remembered = rememberedPolicies(kit)
    const decisions = composeDecisions(kit, remembered)
    const hear = composeReported(kit, remembered, log, metrics)
    const { entities, renewing } = worldOf(kit)
    const overriding = composeOverrides(kit, published)
    const following = follow(kit, published)
    return {
      routes: [
        ...bundleRoutes(published.current),
        ...versionRoutes(published),
        ...draftRoutes(published),
        ...impactRoutes(published.impact),
        ...shadowRoutes(published.shadow),
        ...overrideRoutes({ ...overriding, proven: published.proven }),
        ...emergencyRoutes({ ...overriding, proven: published.proven }),
        ...accessRoutes({ access, search, origin: config.url }),
        ...entityRoutes(entities),
        ...decisionRoutes({ ...decisions, hear }),
        ...explainRoutes(explaining, finding),
        ...answerRoutes(answers, renewing),
        ...engineRoutes(others),
      ],
      personData,
      heardDecisions: async (reports) => void (await hear('policy', reports)),
      receives: [receive(rolesChanged, { from: ['identity'], payload: RolesChanged }, overriding.rolesTold)],
      tickers: tickersOf(kit, {
        answers,
        retention: decisions.retention,
        overrides: overriding.sweep,
      }),
      start: following.start,
      drain: () => published.current.release(),
      async stop() {
        await following.stop()
        await published.shadow.flush()
        await published.threads.close()
        await log.flush()
      },
    }
  },
})

/** What applications tell of, and how every node is made to look at it again. */
const worldOf = ({ atomic }: PolicyKit) => ({
  entities: createEntities({
    atomically: atomic((db, tx) => ({ store: createEntityStore(db), record: tx.record })),
  }),
  renewing: createRenewing({
    atomically: atomic((db, tx) => ({ renew: createEntityStore(db).renew, record: tx.record })),
  }),
})

interface Swept {
  readonly answers: { readonly sweep: () => void }
  readonly retention: { readonly sweep: () => Promise<unknown> }
  readonly overrides: () => Promise<void>
}

/** What goes when nobody needs it any more. */
function tickersOf(
  { database }: Pick<PolicyKit, 'database'>,
  { answers, retention, overrides }: Swept,
): Ticker[] {
  return [
    ticker({ name: 'policy.answers', everySeconds: 60, run: async () => answers.sweep() }),
    ticker({ name: 'policy.overrides', everySeconds: 60, run: overrides }),
    ticker({
      name: 'policy.sweep',
      everySeconds: 600,
      async run() {
        await createEntityStore(database).sweep()
        await retention.sweep()
      },
    }),
  ]
}

/** What another node publishes or tries is heard in the moment it is committed, and looked for once a minute in case nobody was heard. */
function follow({ database, authz, log }: PolicyKit, { current, shadow }: Publishings) {
  const listening: (() => Promise<void>)[] = []
  const timers: NodeJS.Timeout[] = []
  const complain = (error: unknown) => log.warn('policies cannot be looked for', { cause: String(error) })
  const look = () => current.look().then(() => authz.confirm(), complain)
  const followShadow = () => shadow.follow().catch(complain)
  return {
    async start() {
      listening.push(await database.listen('policy_bundle', () => void look().then(followShadow)))
      listening.push(await database.listen('policy_shadow', () => void followShadow()))
      // What came between assembling and listening; and that there is nothing newer is what keeps our own bundle fresh.
      await look().then(followShadow)
      timers.push(setInterval(() => void look(), 60_000).unref())
      timers.push(setInterval(() => void shadow.flush(), 1000).unref())
    },
    async stop() {
      for (const timer of timers) clearInterval(timer)
      for (const unlisten of listening) await unlisten()
    },
  }
}
