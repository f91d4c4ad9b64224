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
import { compiled, type Policies } from './engine/policies.ts'
import { prepare } from './engine/prepared.ts'
import { replay } from './engine/replay.ts'
import { decide } from './engine/rules.ts'
import { createWorld } from './engine/world.ts'
import { missingIn } from './impact/reads.ts'
import type { PolicyMetrics } from './metrics.ts'
import { readCompiled } from './publish/bundle.ts'
import { createBundleStore } from './publish/store.ts'
import { recordOf, recordProblems } from './values.ts'

export function composeDecisions(kit: PolicyKit) {
  const store = createDecisionStore(kit.database)
  return {
    reading: createDecisionReading({ store, record: (entry) => kit.audit.record(kit.database, entry) }),
    verifying: createVerifying({ store, ledger: ledgerOf(kit), erased: erasedOf(kit) }),
    replaying: createReplaying({ store, again: againOf(rememberedPolicies(kit)) }),
    again: createMakingAgain({ store, ...preparedIn(kit), missing: missingIn }),
    retention: createRetention({
      atomically: kit.atomic((db, tx) => ({ store: createDecisionStore(db), record: tx.record })),
      clock: kit.clock,
      days: kit.config.decisionLogDays,
    }),
  }
}

/** What our other services decided by themselves. */
export const composeReported = (kit: PolicyKit, log: DecisionLog, metrics: Pick<PolicyMetrics, 'heard'>) =>
  createReported({
    log,
    remake: remakeWith(rememberedPolicies(kit)),
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
function preparedIn({ database }: PolicyKit) {
  const bundles = createBundleStore(database)
  const read = (text: string) => prepare(readCompiled(text))
  return {
    async ofThen({ policies, digest }: { readonly policies: number; readonly digest: string }) {
      const text = await bundles.bundleOf(policies)
      return text === null || compiled(policies, text).digest !== digest ? null : read(text)
    },
    async ofNow() {
      const latest = await bundles.latest()
      if (latest === null) throw new Error('Nothing is in force yet.')
      return { revision: latest.revision, prepared: read(latest.bundle) }
    },
  }
}

/** So many sets of policies are kept compiled: a log is read from the latest to the earliest, one set after the other. */
const setsAtMost = 4

type PoliciesOf = (revision: number) => Promise<Policies | null>

function rememberedPolicies({ database }: PolicyKit): PoliciesOf {
  const bundles = createBundleStore(database)
  const sets = new Map<number, Policies>()
  return async (revision) => {
    const known = sets.get(revision)
    if (known !== undefined) return known
    const bundle = await bundles.bundleOf(revision)
    if (bundle === null) return null
    const made = compiled(revision, bundle)
    if (sets.size >= setsAtMost) sets.clear()
    sets.set(revision, made)
    return made
  }
}

const againOf =
  (policiesOf: PoliciesOf): Again =>
  async ({ policies, digest, ...made }) => {
    const set = await policiesOf(policies)
    if (set === null || set.digest !== digest) return null
    const { decision, determining, errors } = replay(made, set)
    return { decision, determining: [...determining], errors: [...errors] }
  }

/** In a world in which nobody is known but who came, as their token says. */
function remakeWith(policiesOf: PoliciesOf): (report: DecisionReport) => Promise<Remade | null> {
  return async ({ at, caller, action, resource, revision }) => {
    const policies = await policiesOf(revision)
    if (policies === null || recordProblems(resource.properties ?? {}).length > 0) return null
    const { uid, parents, attrs } = principalOf(caller as Caller)
    const world = createWorld()
    world.change([], [{ ...uid, attributes: attrs, parents, relations: {}, stamp: 0 }])
    world.fix(policies.fixed)
    const question = {
      principal: { ...uid, attributes: recordOf() },
      action,
      resource: { type: resource.type, id: resource.id, attributes: recordOf(resource.properties) },
      context: recordOf(),
    }
    return {
      ruling: decide(question, { world, now: new Date(at), leastStamp: () => 0 }, policies.set),
      digest: policies.digest,
    }
  }
}
