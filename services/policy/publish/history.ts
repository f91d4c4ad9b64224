/** Every version there has been: who wanted it, when and why, and what is different between any two. Nothing of it ever goes. */
import { diff } from './diff.ts'
import { ownOf, readCompiled } from './bundle.ts'
import { fault } from './faults.ts'
import type { PoliciesJson, Source } from '../authored.ts'
import type { Difference, History, State, VersionShown, VersionWhole, Version } from './schema.ts'
import type { BundleStore } from './store.ts'
import type { z } from 'zod'

interface Needs {
  readonly store: Pick<BundleStore, 'latest' | 'list' | 'version'>
  /** What a draft says; null when there is none. */
  readonly draft: (id: string) => Promise<Source | null>
  readonly digestOf: (policies: PoliciesJson) => string
}

export function createHistory({ store, draft, digestOf }: Needs) {
  async function list(before: number | undefined, limit: number, hasOverrides = false) {
    const found = await store.list(before, limit + 1, hasOverrides)
    const versions = found.slice(0, limit).map(shown)
    return { versions, next: found.length > limit ? (versions.at(-1)?.revision ?? null) : null }
  }

  async function read(revision: number): Promise<z.input<typeof VersionWhole>> {
    const version = await found(revision)
    const { policies, schema, links, tests } = version.said
    return { ...shown(version), source: version.source, policies, schema, links, tests }
  }

  async function difference(from: number, to: number) {
    const [before, after] = [await found(from), await found(to)]
    return { from, to, parts: differences(before, after) }
  }

  /** What a draft would change of what is in force. */
  async function draftDifference(id: string) {
    const [said, latest] = [await draft(id), await store.latest()]
    if (said === null) throw fault.no_draft()
    if (latest === null) throw fault.no_version()
    return { inForce: latest.written, parts: differences(latest, { source: latest.source, said }) }
  }

  async function state(): Promise<State> {
    const latest = await store.latest()
    if (latest === null) throw fault.no_version()
    const theirs = readCompiled(latest.said.compiled)
    return {
      revision: latest.revision,
      written: latest.written,
      kind: latest.kind,
      digest: digestOf(readCompiled(latest.bundle).policies),
      own: Object.keys(ownOf(latest.bundle, theirs)).length,
      organisation: Object.keys(theirs.policies).length,
      overrides: latest.overrides.length,
      misfit: latest.misfit,
    }
  }

  /** @throws Fault no_version */
  async function found(revision: number): Promise<Version & History> {
    const version = await store.version(revision)
    if (version === null) throw fault.no_version()
    return version
  }

  return { list, read, difference, draftDifference, state }
}
export type HistoryOf = ReturnType<typeof createHistory>

const shown = ({
  revision,
  kind,
  publishedBy,
  publishedAt,
  proposedBy,
  isAlone,
  title,
  reason,
  draft,
  restores,
}: History): VersionShown => ({
  revision,
  kind,
  publishedBy,
  publishedAt: publishedAt.toISOString(),
  proposedBy,
  isAlone,
  title,
  reason,
  draft,
  restores,
})

/** As it was written; what it was compiled to says the same. */
interface Written {
  readonly source: string
  readonly said: Source
}

function differences(before: Written, after: Written): Difference[] {
  const pairs = {
    althing: [before.source, after.source],
    policies: [before.said.policies, after.said.policies],
    schema: [before.said.schema, after.said.schema],
    links: [before.said.links, after.said.links],
    tests: [before.said.tests, after.said.tests],
  } as const
  return Object.entries(pairs).flatMap(([part, [from, to]]) => {
    const hunks = diff(from, to).map(({ lines, ...hunk }) => ({ ...hunk, lines: [...lines] }))
    return hunks.length === 0 ? [] : [{ part: part as Difference['part'], hunks }]
  })
}
