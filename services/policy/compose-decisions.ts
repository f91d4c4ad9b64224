/** The decision log: written behind each decision, read, compared with the audit log, and made again. */
import { createPersonKeyStore } from '@althing/kernel/audit'
import { principalOf, type DecisionReport } from '@althing/kernel/authz'
import type { PolicyKit } from './compose-access.ts'
import type { Caller } from './caller.ts'
import { createMakingAgain } from './decisions/again.ts'
import { createDecisionReading } from './decisions/reading.ts'
import { createReplaying, type Again } from './decisions/replaying.ts'
import { createRetention, swept } from './decisions/retention.ts'
import { logged } from './decisions/logged.ts'
import type { DecisionLog } from './decisions/log.ts'
import { createReported, type Remade } from './decisions/reported.ts'
import { createDecisionStore } from './decisions/store.ts'
import { createVerifying, type Ledger, type TellsOfBatch } from './decisions/verifying.ts'
import { rememberedPolicies, type RememberedPolicies } from './compose-remembered.ts'
import { createElsewhere } from './engine/elsewhere.ts'
import { preparedOf } from './engine/prepared.ts'
import { replay } from './engine/replay.ts'
import { missingIn } from './impact/reads.ts'
import type { PolicyMetrics } from './metrics.ts'
import { remembered } from './remembered.ts'
import { recordOf, recordProblems } from './values.ts'

export function composeDecisions(kit: PolicyKit, remembered = rememberedPolicies(kit)) {
  const store = createDecisionStore(kit.database)
  return {
    reading: createDecisionReading({ store, record: (entry) => kit.audit.record(kit.database, entry) }),
    verifying: createVerifying({ store, ledger: ledgerOf(kit), erased: erasedOf(kit) }),
    replaying: createReplaying({ store, again: againOf(remembered) }),
    again: createMakingAgain({ store, ...preparedIn(remembered), missing: missingIn }),
    retention: createRetention({
      atomically: kit.atomic((db, tx) => ({ store: createDecisionStore(db), record: tx.record })),
      clock: kit.clock,
      days: kit.config.decisionLogDays,
    }),
  }
}

/** What our other services decided by themselves. */
export const composeReported = (
  kit: PolicyKit,
  remembered: RememberedPolicies,
  log: DecisionLog,
  metrics: Pick<PolicyMetrics, 'heard'>,
) =>
  createReported({
    log,
    known: (ids) => createDecisionStore(kit.database).known(ids),
    remake: remakeWith(remembered),
    uuid: () => kit.chance.uuid(),
    now: () => kit.clock.now(),
    onHeard: metrics.heard,
    onOther: (service, { action, decision, revision }) =>
      kit.log.error('a service decides otherwise than its policies', undefined, {
        service,
        action,
        decision,
        revision,
      }),
  })

function ledgerOf({ audit }: PolicyKit): Ledger {
  return {
    async told(first, last) {
      const targets = Array.from({ length: last - first + 1 }, (_, n) => ({
        type: logged.type,
        id: String(first + n),
      }))
      const entries = await audit.search({ action: logged.action, targets, limit: 4 * targets.length })
      const told = new Map<number, TellsOfBatch[]>()
      for (const { targetId, at, fields } of entries) {
        const [rows, digest = ''] = fields
        const number = Number(targetId)
        told.set(number, [...(told.get(number) ?? []), { at, rows: Number(rows), digest }])
      }
      return told
    },
    async swept() {
      const [latest] = await audit.search({ action: swept.action, limit: 1 })
      if (latest === undefined) return null
      return { at: latest.at, through: Number(latest.targetId), days: Number(latest.fields[1]) }
    },
    async last() {
      // Of several nodes that write at once the latest entry is not always of the highest batch.
      const latest = await audit.search({ action: logged.action, limit: 100 })
      return Math.max(0, ...latest.map(({ targetId }) => Number(targetId)))
    },
  }
}

/** Their key is destroyed with whatever else there was of them. */
function erasedOf({ database }: PolicyKit) {
  const keys = createPersonKeyStore(database)
  return async (persons: readonly string[]) => {
    const found = await Promise.all(persons.map(async (one) => [one, await keys.find(one)] as const))
    return new Set(found.flatMap(([one, key]) => (key === 'destroyed' ? [one] : [])))
  }
}

/** Made ready whole, to make one decision again. */
function preparedIn({ of, inForce }: RememberedPolicies) {
  return {
    async ofThen({ policies, digest }: { readonly policies: number; readonly digest: string }) {
      const then = await of(policies, { policies: digest })
      return then === null ? null : preparedOf(then)
    },
    async ofNow() {
      const now = await inForce()
      return { revision: now.revision, prepared: preparedOf(now) }
    },
  }
}

const againOf =
  ({ of }: RememberedPolicies): Again =>
  async ({ policies, digest, ...made }) => {
    const set = await of(policies, { policies: digest })
    if (set === null) return null
    const { decision, determining, errors } = replay(made, set)
    return { decision, determining: [...determining], errors: [...errors] }
  }

/** Where nobody is known but who came, as their token says. What comes with the policies is read once for all that were made with them. */
function remakeWith({ of }: RememberedPolicies): (report: DecisionReport) => Promise<Remade | null> {
  const elsewhere = remembered(createElsewhere)
  return async ({ at, caller, action, resource, revision, digest }) => {
    const policies = await of(revision, digest === undefined ? {} : { bundle: digest })
    if (policies === null || recordProblems(resource.properties ?? {}).length > 0) return null
    const comer = principalOf(caller as Caller)
    const question = {
      principal: { ...comer.uid, attributes: recordOf() },
      action,
      resource: { type: resource.type, id: resource.id, attributes: recordOf(resource.properties) },
      context: recordOf(),
    }
    return { ruling: elsewhere(policies)(question, comer, new Date(at)), digest: policies.digest }
  }
}
