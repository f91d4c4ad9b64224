/**
 * What is published is whole, signed and numbered. A version is Althing's own policies of this release and the organisation's beside them; it comes
 * with a release, from a draft by a second person, or back from an older one, and its number is always the next. Publishing the same release
 * again changes nothing.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Entity } from '@althing/kernel/authz'
import type { Atomically } from '@althing/kernel/service'
import { writeJson } from '@althing/kernel/cedar'
import type { Checked, Compiled, PoliciesJson, Proposal, Source } from '../authored.ts'
import {
  bundleText,
  checkReadable,
  clashes,
  hashOf,
  ownOf,
  readCompiled,
  renamed,
  together,
  type Signer,
} from './bundle.ts'
import type { Numbered } from './current.ts'
import type { Version } from './schema.ts'
import type { BundleStore } from './store.ts'

export interface Parts {
  readonly store: BundleStore
  readonly record: (entry: AuditEntry) => Promise<void>
  /** Closes the draft in the same breath: false when it was changed or closed meanwhile. */
  readonly close: (draft: Pick<Proposal, 'id' | 'version'>, revision: number) => Promise<boolean>
}

export interface Needs {
  readonly atomically: Atomically<Parts>
  readonly signer: Signer
  readonly roles: readonly Entity[]
  /** Althing's own policies, which are ours to trust. */
  readonly parse: (text: string) => Promise<PoliciesJson>
  readonly check: (source: Source) => Promise<Checked>
  readonly announce: (bundle: Numbered) => void
  readonly log: { error(message: string, error?: unknown, fields?: Readonly<Record<string, unknown>>): void }
}

const empty = { policies: '', schema: '', links: '', tests: '', compiled: '{}' }
/** What a version is without its own particulars. */
const plain = {
  proposedBy: null,
  isAlone: false,
  title: null,
  reason: null,
  draft: null,
  restores: null,
  misfit: null,
} as const

export function createPublishing(needs: Needs) {
  const { atomically, signer, roles, parse, check, announce, log } = needs

  /** What this release says, when it differs from what is in force; announces what is current either way. */
  async function release(source: string, by: string): Promise<void> {
    const sourceHash = hashOf(source)
    const latest = await atomically(({ store }) => store.latest())
    if (latest !== null && sourceHash.equals(latest.sourceHash)) {
      if (latest.misfit !== null)
        log.error('policies do not fit this release', undefined, { reasons: latest.misfit })
      return announce(resigned(latest))
    }
    const next = await releaseOf(latest, await parse(source))
    if (next.misfit !== null)
      log.error('policies do not fit this release', undefined, { reasons: next.misfit })
    const version = versionOf({ ...plain, ...next, kind: 'release', source, sourceHash, publishedBy: by })
    const added = await atomically(async ({ store, record }) => {
      if (await store.add(version)) {
        await record(lineOf('policy.published', version, by))
        return version
      }
      // Another node published first; what stands there was made from the text of that node.
      return (await store.latest()) ?? version
    })
    announce(resigned(added))
  }

  /**
   * The organisation's policies stay, as they were compiled, whatever the new release says: without them something could be open that they
   * forbid. Where the two do not fit together any more, somebody is told.
   */
  async function releaseOf(latest: Version | null, own: PoliciesJson) {
    const revision = (latest?.revision ?? 0) + 1
    const said = latest?.said ?? empty
    const theirs = readCompiled(said.compiled)
    const taken = clashes(own, theirs)
    const wrong = Object.keys(theirs.policies).length === 0 ? [] : await complaints(said)
    const misfit = [...taken.map((id) => `${id}: this name is Althing’s own now.`), ...wrong]
    const kept = taken.length === 0 ? theirs : renamed(own, theirs)
    const whole = together(own, kept, roles)
    checkReadable(whole)
    return {
      revision,
      said: { ...said, compiled: writeJson(kept) },
      bundle: bundleText(revision, whole),
      misfit: misfit.length === 0 ? null : misfit,
    }
  }

  async function complaints(said: Source): Promise<string[]> {
    try {
      const { problems } = await check(said)
      return problems.map(({ policy, part, message }) => `${policy ?? part}: ${message}`)
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)]
    }
  }

  /** The signature is made anew with the key of today: after a key change the stored one would be refused everywhere. */
  function resigned({ revision, bundle }: Pick<Version, 'revision' | 'bundle'>): Numbered {
    return { revision, bundle, signature: signer.sign(bundle) }
  }

  /** The next version after `latest`, with what the organisation says now; `whole` is what `beside` made of it. */
  function next(
    { revision: before, source, sourceHash }: Version,
    whole: Compiled,
    more: Partial<Version> & Pick<Version, 'kind' | 'publishedBy' | 'said'>,
  ): Version {
    const revision = before + 1
    return versionOf({
      ...plain,
      source,
      sourceHash,
      ...more,
      revision,
      bundle: bundleText(revision, whole),
    })
  }

  const versionOf = (version: Omit<Version, 'signature'>): Version => ({
    ...version,
    signature: signer.sign(version.bundle),
  })

  /** What would be in force with it, and the names that are taken. */
  function beside(
    latest: Version,
    theirs: Compiled,
  ): { readonly whole: Compiled; readonly taken: readonly string[] } {
    const own = ownOf(latest.bundle, readCompiled(latest.said.compiled))
    return { whole: together(own, theirs, roles), taken: clashes(own, theirs) }
  }

  return { release, next, beside }
}
export type Publishing = ReturnType<typeof createPublishing>

export function lineOf(
  action: string,
  { revision, reason, proposedBy, isAlone, draft, restores }: Version,
  actor: string,
): AuditEntry {
  return {
    action,
    actor,
    ...(proposedBy === null || proposedBy === actor ? {} : { onBehalfOf: proposedBy }),
    target: { type: 'PolicyBundle', id: String(revision) },
    ...(reason === null ? {} : { reason }),
    outcome: 'done',
    fields: [
      ...(draft === null ? [] : [`draft ${draft}`]),
      ...(restores === null ? [] : [`restores ${restores}`]),
      ...(isAlone ? ['alone'] : []),
    ],
  }
}
