/**
 * Why somebody may, why not, and what it would take; and what would be if something were otherwise. It is asked of the same policies and the
 * same world as a decision, in the same moment, and is none: nobody is let in by it. Engines outside are not asked: it is told which must agree.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import { createPolicySet, type PolicySet } from '@althing/kernel/cedar'
import { isOverride, overridePrefix } from '../authored.ts'
import type { Evaluation } from '../contract.ts'
import type { Engine, Laid, Others, Question, Snapshot } from '../deciding.ts'
import { cedarProblem } from '../values.ts'
import { goalsOf, type PolicyJson } from './expressions.ts'
import { fault } from './faults.ts'
import { lacks, sortOf, unmetOf } from './needs.ts'
import { createProbe, type Probe } from './probe.ts'
import type { Change, Explanation, Need, OverrideTold, Simulated, Simulating } from './schema.ts'
import { policyTold } from './telling.ts'
import { unknownIn } from './unknown.ts'
import { endWords, explanationWords, needWords } from './words.ts'

interface Needs<A> {
  readonly engine: Engine
  readonly enginesFor: Others['named']
  readonly questionOf: (asked: Evaluation, asking: A) => Promise<Question>
  /** The asker, as the audit log names them: what is told of people here is not told in silence. */
  readonly whoIs: (asking: A) => string
  readonly record: (entry: AuditEntry) => Promise<void>
  /** The policies that would be in force with a draft; null when there is none that is right. */
  readonly withDraft: (id: string) => Promise<PolicySet | null>
  /** Of ids of policies those that are overrides. */
  readonly overrides: (policies: readonly string[]) => Promise<ReadonlyMap<string, OverrideTold>>
}

/** So many are taken apart, and so many of them told. */
const lookedAtMost = 2_000
const toldAtMost = 50

export function createExplaining<A>({ engine, questionOf, withDraft, ...needs }: Needs<A>) {
  const { enginesFor, whoIs, record, overrides } = needs
  const note = ({ subject: { type, id }, action }: Evaluation, asking: A) =>
    record({
      action: 'access.explained',
      actor: whoIs(asking),
      target: { type, id },
      outcome: 'done',
      fields: [action.name],
    })

  async function explain(asked: Evaluation, asking: A): Promise<Explanation> {
    const question = await questionOf(asked, asking)
    await note(asked, asking)
    const engines = enginesFor(question.action, question.resource.type)
    const snapshot = await engine.fresh()
    const explanation = explanationOf(question, snapshot, engines)
    const unknown = await unknownIn(question, snapshot)
    return withOverrides(
      { ...explanation, unknown },
      await overrides(explanation.policies.map(({ id }) => id)),
    )
  }

  /** @throws Fault policy.explain.no_draft, invalid */
  async function simulate({ changes, draft, ...asked }: Simulating, asking: A): Promise<Simulated> {
    refuse(changes)
    const question = await questionOf(asked, asking)
    const set = draft === undefined ? undefined : await withDraft(draft)
    if (set === null) throw fault.no_draft()
    await note(asked, asking)
    const snapshot = await engine.fresh()
    const probe = createProbe(snapshot.ground(question))
    return {
      now: outcomeOf(probe.decide()),
      supposed: outcomeOf(probe.with(changes).decide(set)),
      engines: [...enginesFor(question.action, question.resource.type)],
      revision: revisionOf(snapshot),
    }
  }

  return { explain, simulate }
}
export type Explaining<A> = ReturnType<typeof createExplaining<A>>

/** What has no meaning in Cedar, in a question or beside it, is refused and never bent. */
function refuse(changes: readonly Change[]): void {
  const fields = changes.flatMap((change, n) => {
    if (change.kind !== 'set') return []
    const message = change.value == null ? 'Is missing.' : (cedarProblem(change.value)?.message ?? null)
    return message === null ? [] : [{ pointer: `/changes/${n}/value`, message }]
  })
  if (fields.length > 0) throw fault.invalid(undefined, { fields })
}

const revisionOf = ({ revisions }: Pick<Snapshot, 'revisions'>): string =>
  `${revisions.policies}.${revisions.world}`

const outcomeOf = ({ decision, reasons, errors }: ReturnType<Probe['decide']>): Simulated['now'] => ({
  decision,
  determining: [...reasons],
  errors: [...errors],
})

/** @param engines the names of those outside that must agree */
export function explanationOf(
  question: Question,
  snapshot: Snapshot,
  engines: readonly string[] = [],
): Omit<Explanation, 'unknown'> {
  const { decision, determining, errors } = snapshot.decide(question)
  const laid = snapshot.ground(question)
  const probe = createProbe(laid)
  const decided = { decision, determining: [...determining], errors: [...errors] }
  const first = new Set([...determining, ...errors.map(({ policy }) => policy)])
  const looked = policiesFor(laid, probe)
  const policies = looked
    .map((one) => ({ ...one, rank: first.has(one.id) ? 0 : rankOf(one.policy, probe) }))
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, toldAtMost)
    .map(({ id, policy }) => policyTold(id, policy, probe))
  return {
    ...decided,
    revision: revisionOf(snapshot),
    engines: [...engines],
    words: explanationWords({ ...decided, policies, engines }),
    policies,
    looked: looked.length,
    needed: decision ? [] : [...endingOf(decided, laid, probe), ...neededOf(question, laid, probe)],
  }
}

/** Why somebody was given something for a while stands in no bundle: it is told here, to those who may ask. */
function withOverrides(explanation: Explanation, overrides: ReadonlyMap<string, OverrideTold>): Explanation {
  const policies = explanation.policies.map((one) => ({ ...one, override: overrides.get(one.id) ?? null }))
  return { ...explanation, policies, words: explanationWords({ ...explanation, policies }) }
}

/** Those whose head speaks of the action. */
function policiesFor({ policies }: Laid, probe: Probe) {
  return Object.entries(policies as Readonly<Record<string, PolicyJson>>)
    .filter(([, policy]) =>
      goalsOf(policy).every(({ of, expression }) => of !== 'action' || probe.evaluate(expression) === true),
    )
    .slice(0, lookedAtMost)
    .map(([id, policy]) => ({ id, policy }))
}

/** After what decided stand permits, and those first that lack the least. */
const rankOf = (policy: PolicyJson, probe: Probe): number =>
  (policy.effect === 'permit' ? 1 : 1_000) + unmetOf(goalsOf(policy), probe)

/** Where nothing forbids it but overrides: what would be decided when they have ended. */
function endingOf(
  { determining }: Pick<Explanation, 'determining'>,
  { policies }: Laid,
  probe: Probe,
): Need[] {
  if (determining.length === 0 || !determining.every(isOverride)) return []
  const others = Object.entries(policies).filter(([id]) => !determining.includes(id))
  const { decision, reasons } = probe.decide(createPolicySet({ staticPolicies: Object.fromEntries(others) }))
  const [policy] = reasons
  if (!decision || policy === undefined) return []
  const ends = determining.map((id) => id.slice(overridePrefix.length))
  return [{ policy, changes: [], ends, words: endWords(reasons, ends) }]
}

function neededOf({ principal }: Question, laid: Laid, probe: Probe): Need[] {
  return lacks(laid.policies, probe).map(({ policy, way }) => ({
    policy,
    changes: way.map((change) => ({ ...change, sort: sortOf(change, principal) })),
    ends: [],
    words: needWords(policy, way),
  }))
}
