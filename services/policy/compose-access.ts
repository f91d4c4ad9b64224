/** How a question becomes a decision: the engine on its tables, the doors of AuthZEN before it, and the log behind it. */
import { fraction } from '@althing/kernel/context'
import type { Kit } from '@althing/kernel/service'
import type { Values } from '@althing/kernel/config'
import { createAccess, type Decided } from './access/rules.ts'
import { createPages } from './access/pages.ts'
import { createSearch } from './access/search.ts'
import { recorded } from './access/searched.ts'
import { createAnswers } from './answers/rules.ts'
import { whoIs } from './caller.ts'
import type { Config } from './config.ts'
import { createDecisionLog } from './decisions/log.ts'
import { createRedaction } from './decisions/redaction.ts'
import type { Decision } from './decisions/schema.ts'
import { createDecisionStore } from './decisions/store.ts'
import { createHints } from './explain/hints.ts'
import { composeEngine, type BundleInForce } from './compose-engine.ts'
import { composeExternal } from './compose-external.ts'
import type { PolicyMetrics } from './metrics.ts'

interface Lent {
  readonly beside: Parameters<typeof createAccess>[0]['beside']
  /** The bundle of a revision, signed with our key. */
  readonly inForce: BundleInForce
}
export type PolicyKit = Kit<Values<typeof Config>>

export function composeAccess(kit: PolicyKit, metrics: PolicyMetrics, { beside, inForce }: Lent) {
  const engine = composeEngine(kit, metrics, inForce)
  const log = createDecisionLog({
    atomically: kit.atomic((db, tx) => ({ store: createDecisionStore(db), record: tx.record })),
    mode: kit.config.decisionLog,
    allowedShare: kit.config.decisionLogAllowed,
    redact: createRedaction(kit.config.decisionLogRedacts),
    salt: (bytes) => kit.chance.bytes(bytes),
    random: () => fraction(kit.chance),
    onWritten: metrics.logged,
    onBehind: metrics.behind,
    onLost: (decision, error) => kit.log.error('a decision cannot be written down', error, { decision }),
    clock: kit.clock,
  })
  const answers = createAnswers({
    engine,
    isOn: kit.config.cache,
    most: kit.config.cacheEntries,
    count: metrics.answered,
  })
  // Beside the decisions that are kept, and never in them: what an engine said a moment ago says nothing of now.
  const others = composeExternal(kit, metrics)
  const access = createAccess({
    engine: answers.engine,
    others,
    hintsFor: createHints(),
    verify: kit.tokens.verify,
    beside,
    isLogged: kit.config.decisionLog !== 'off',
    async decided(decisions) {
      for (const { ruling } of decisions)
        metrics.decided(ruling.errors.length > 0 ? 'error' : ruling.decision ? 'allow' : 'deny')
      await log.keep(
        decisions.map((one) => ({ decision: one.ruling.decision, whole: () => lineOf(one, kit) })),
      )
    },
  })
  const pages = createPages(kit.derivedKey('search-pages'))
  const { questionOf } = access
  const search = recorded(createSearch({ engine, pages, questionOf, others }), (entry) =>
    kit.audit.record(kit.database, entry),
  )
  return { engine, access, answers, others, log, search }
}

function lineOf({ asking, question, ruling, snapshot, microseconds }: Decided, kit: PolicyKit): Decision {
  const { principal, resource, action } = question
  return {
    id: kit.chance.uuid(),
    at: kit.clock.now(),
    caller: whoIs(asking.caller),
    request: asking.request?.slice(0, 200) ?? null,
    subject: { type: principal.type, id: principal.id },
    action,
    resource: { type: resource.type, id: resource.id },
    seen: ruling.seen(),
    decision: ruling.decision,
    determining: [...ruling.determining],
    errors: [...ruling.errors],
    ...snapshot.revisions,
    digest: snapshot.digest,
    cached: ruling.cached === true,
    outside: ruling.outside ?? null,
    microseconds,
  }
}
