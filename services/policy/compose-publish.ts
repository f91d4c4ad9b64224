/** How what somebody writes comes into force: drafts, what they are checked with, what they would change, and the bundle that everybody decides with. */
import { fraction } from '@althing/kernel/context'
import { readdirSync, readFileSync } from 'node:fs'
import { signingKey } from '@althing/kernel/http'
import type { Source } from './authored.ts'
import { personIn } from './caller.ts'
import type { PolicyKit } from './compose-access.ts'
import { complaint } from './complaints.ts'
import { isAdministrator } from './contract.ts'
import type { Stored } from './decisions/schema.ts'
import { ownPart } from './decisions/own.ts'
import { createDecisionStore } from './decisions/store.ts'
import type { Prepared } from './deciding.ts'
import { createDrafts, type Judged, type Judgement } from './drafts/rules.ts'
import { createDraftStore } from './drafts/store.ts'
import type { Draft } from './drafts/schema.ts'
import { digestOf } from './engine/policies.ts'
import { prepare } from './engine/prepared.ts'
import { createImpact } from './impact/rules.ts'
import { isWhole } from './known.ts'
import { createLanguage } from './language/cedar.ts'
import { createSeal, type Seal } from './language/seal.ts'
import { createParserThreads } from './language/threads.ts'
import type { PolicyMetrics } from './metrics.ts'
import { rolesOf, standingAt } from './compose-overrides.ts'
import { createProof } from './proof.ts'
import { createActivation } from './publish/activation.ts'
import { createBundleSigner, readCompiled, withOverrides } from './publish/bundle.ts'
import { createCurrent } from './publish/current.ts'
import { createHistory } from './publish/history.ts'
import { createPublishing, type Publishing } from './publish/rules.ts'
import { createBundleStore, type BundleStore } from './publish/store.ts'
import { roleHierarchy } from './publish/world.ts'
import { createShadow } from './shadow/rules.ts'
import { createShadowStore } from './shadow/store.ts'
import { createTrials, type TrialFile } from './trials/rules.ts'

export const basePolicies = (): string =>
  readFileSync(new URL('./language/base.cedar', import.meta.url), 'utf8')

/** What no draft may change. */
export function ownCases(): readonly TrialFile[] {
  const folder = new URL('./evaluate/cases/', import.meta.url)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }))
}

export function composePublishing(kit: PolicyKit, metrics: PolicyMetrics) {
  const bundles = createBundleStore(kit.database)
  const { current, signer, inForce } = composeCurrent(kit, metrics, bundles)
  const threads = createParserThreads()
  const { parse, check, format } = createLanguage(threads)
  const seal = createSeal(kit.derivedKey('compiled-policies'))
  const atomically = kit.atomic((db, tx) => ({
    store: createBundleStore(db),
    standing: standingAt(db, kit.clock),
    record: tx.record,
    close: ({ id, version }: { readonly id: string; readonly version: number }, revision: number) =>
      createDraftStore(db).close(id, version, revision),
  }))
  const trials = createTrials(ownCases(), prepare)
  const publishing = createPublishing({
    atomically,
    signer,
    roles: roleHierarchy,
    parse,
    check,
    failing: async (whole) =>
      (await trials(whole, '')).trials.flatMap(({ passed, name, instead }) =>
        passed ? [] : [`${name}: ${instead ?? ''}`],
      ),
    announce: current.set,
    log: kit.log,
  })
  const drafts = composeDrafts(kit, { bundles, publishing, check, trials, seal })
  const activation = createActivation({
    atomically,
    publishing,
    store: bundles,
    isAdministrator: isStillAdministrator(kit),
    draft: async (id) => proposalOf(await createDraftStore(kit.database).read(id)),
    check,
    seal,
    trials,
    announce: current.set,
  })
  const history = createHistory({
    store: bundles,
    draft: async (id) => (await createDraftStore(kit.database).read(id))?.source ?? null,
    digestOf,
  })
  const prepared = preparedDraft(kit, { bundles, publishing, seal })
  return {
    current,
    inForce,
    threads,
    publishing,
    activation,
    history,
    proven: createProof(kit.clock.now, kit.config.proofSeconds),
    ...drafts,
    format,
    prepared,
    impact: composeImpact(kit, bundles, prepared),
    shadow: composeShadow(kit, metrics, prepared),
  }
}
export type Publishings = ReturnType<typeof composePublishing>

function composeCurrent(kit: PolicyKit, metrics: PolicyMetrics, bundles: BundleStore) {
  const signer = createBundleSigner(signingKey(kit.config.serviceKey.reveal()))
  const current = createCurrent({
    waitMs: kit.config.feedWaitMs,
    newerThan: bundles.newerThan,
    signer,
    onCurrent: (bundle) => {
      kit.authz.install(bundle)
      void bundles.isFitting().then(metrics.fits, () => {})
    },
    onForged,
  })
  function onForged(revision: number): void {
    metrics.forged()
    kit.log.error('a bundle is not signed with our key', undefined, { revision })
  }

  return { current, signer, inForce: signedIn(kit, onForged) }
}

/** What is decided with here is what every service would take: with anything else nothing is decided. */
export function signedIn(kit: PolicyKit, onForged: (revision: number) => void = () => {}) {
  const signer = createBundleSigner(signingKey(kit.config.serviceKey.reveal()))
  return async (revision: number, db: Db): Promise<string> => {
    const found = await createBundleStore(db).signedBundleOf(revision)
    if (found === null) throw new Error(`There are no policies of revision ${revision}.`)
    if (signer.isOurs(found)) return found.bundle
    onForged(revision)
    throw new Error(`The policies of revision ${revision} are not signed with our key.`)
  }
}

type Db = Parameters<typeof createBundleStore>[0]

interface Judging {
  readonly bundles: BundleStore
  readonly publishing: Publishing
  readonly check: ReturnType<typeof createLanguage>['check']
  readonly trials: ReturnType<typeof createTrials>
  readonly seal: Seal
}

function composeDrafts(kit: PolicyKit, { bundles, publishing, check, trials, seal }: Judging) {
  async function judge(source: Source, { compiled, by }: Judged = {}): Promise<Judgement> {
    const checked =
      compiled === undefined ? await check(source, by) : { problems: [], warnings: [], compiled }
    const latest = await bundles.latest()
    if (checked.problems.length > 0 || latest === null) return { checked, trials: [] }
    const { whole, taken } = publishing.beside(latest, readCompiled(checked.compiled))
    const problems = taken.map((policy) => ({
      part: 'policies' as const,
      policy,
      line: null,
      column: null,
      ...complaint('id-of-althing'),
    }))
    if (problems.length > 0) return { checked: { ...checked, problems }, trials: [] }
    const tried = await trials(whole, source.tests)
    return { checked: { ...checked, problems: tried.problems }, trials: tried.trials }
  }
  const drafts = createDrafts({
    atomically: kit.atomic((db, tx) => ({ store: createDraftStore(db), record: tx.record })),
    clock: kit.clock,
    ids: kit.ids,
    async inForce() {
      const latest = await bundles.latest()
      if (latest === null) throw new Error('Nothing is in force yet.')
      const { compiled: _, ...source } = latest.said
      return { revision: latest.written, source }
    },
    writtenIn: bundles.writtenIn,
    judge,
    seal,
    isAdministrator: isStillAdministrator(kit),
  })
  return { drafts, judge }
}

/** As identity last told it; what is lent to somebody is no role of theirs. Null of whoever is no person. */
const isStillAdministrator = (kit: PolicyKit) => async (actor: string) => {
  const id = personIn(actor)
  return id === null ? null : isAdministrator((await rolesOf(kit.database)({ type: 'Person', id })) ?? [])
}

const proposalOf = (draft: Draft | null) =>
  draft === null ? null : { ...draft, isOpen: draft.state === 'open' }

type PreparedDraft = (
  id: string,
) => Promise<{ readonly version: number; readonly prepared: Prepared | null } | null>

/** A draft with what is Althing's own and the overrides that stand, as it would be in force. */
function preparedDraft(
  kit: PolicyKit,
  { bundles, publishing, seal }: Pick<Judging, 'bundles' | 'publishing' | 'seal'>,
): PreparedDraft {
  return async (id) => {
    const [draft, latest] = [await createDraftStore(kit.database).read(id), await bundles.latest()]
    if (draft === null || latest === null || draft.state !== 'open') return null
    const { version, compiled, compiledFrom, source } = draft
    if (compiled === null || compiledFrom !== seal(source, compiled)) return { version, prepared: null }
    const { whole, taken } = publishing.beside(latest, readCompiled(compiled))
    if (taken.length > 0) return { version, prepared: null }
    const overrides = await standingAt(kit.database, kit.clock)(whole.policies)
    return { version, prepared: prepare(withOverrides(whole, overrides)) }
  }
}

function composeImpact(kit: PolicyKit, bundles: BundleStore, draft: PreparedDraft) {
  return createImpact({
    isLogged: kit.config.decisionLog !== 'off',
    draft,
    inForce: async () => (await bundles.latest())?.revision ?? 0,
    async ofRevision(revision) {
      const found = await bundles.bundleOf(revision)
      if (found === null) throw new Error(`There are no policies of revision ${revision}.`)
      return prepare(readCompiled(found.bundle))
    },
    lines: (last) => wholeOnly(createDecisionStore(kit.database).newest(last)),
  })
}

/** Of what something was left out of nothing can be made again. What others said of it, a draft changes nothing about. */
async function* wholeOnly(pages: AsyncIterable<readonly Stored[]>): AsyncGenerator<readonly Stored[]> {
  for await (const page of pages)
    yield page.map(ownPart).map((row) => (isWhole(row.seen) ? row : { ...row, seen: null }))
}

function composeShadow(kit: PolicyKit, metrics: PolicyMetrics, draft: PreparedDraft) {
  return createShadow({
    atomically: kit.atomic((db, tx) => ({ store: createShadowStore(db), record: tx.record })),
    clock: kit.clock,
    random: () => fraction(kit.chance),
    draft,
    isKnown: async (id) => (await createDraftStore(kit.database).read(id)) !== null,
    counted: metrics.shadowed,
    onLost: (error) => kit.log.warn('what a draft would have decided is lost', { cause: String(error) }),
  })
}
