/**
 * What is published is whole, signed and numbered. A version is Althing's own policies of this release and the organisation's beside them; it comes
 * with a release, from a draft by a second person, back from an older one, or as the same again with other overrides, and its number is always the
 * next. Publishing the same release again changes nothing. The overrides of a version are those that stood when it was committed: whatever changes
 * one makes a version in the same transaction, and of two versions with one number only one is committed.
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
  withOverrides,
  withoutOverrides,
  type Signer,
} from './bundle.ts'
import type { Numbered } from './current.ts'
import { fault } from './faults.ts'
import type { Latest, Version } from './schema.ts'
import type { BundleStore } from './store.ts'

/** Overrides as policies. */
export interface Standing {
  readonly ids: readonly string[]
  readonly policies: PoliciesJson
}

export interface Parts {
  readonly store: BundleStore
  /** The overrides that stand now beside these policies. */
  readonly standing: (inForce: PoliciesJson) => Promise<Standing>
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
  /** Althing's own cases that come out otherwise with all of it, in a sentence each. */
  readonly failing: (whole: Compiled) => Promise<readonly string[]>
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
/** Each time somebody else was first: so many in a row are no coincidence. */
const mostTries = 50

export function createPublishing(needs: Needs) {
  const { atomically, signer, roles, parse, check, failing, announce, log } = needs

  /** What this release says, when it differs from what is in force; announces what is current either way. */
  async function release(source: string, by: string): Promise<void> {
    const sourceHash = hashOf(source)
    for (let tries = 0; tries < mostTries; tries += 1) {
      const latest = await atomically(({ store }) => store.latest())
      // Another node published in this moment: what stands there was made from the text of that node.
      const isThere =
        latest !== null && (sourceHash.equals(latest.sourceHash) || isOtherRelease(latest, tries))
      const version = isThere ? latest : await released(latest, { source, sourceHash, by })
      if (version === null) continue
      if (version.misfit !== null)
        log.error('policies do not fit this release', undefined, { reasons: version.misfit })
      return announce(await resigned(version, by))
    }
    throw fault.overtaken()
  }

  const isOtherRelease = ({ kind }: Version, tries: number) => tries > 0 && kind === 'release'

  /** Null when somebody else has published in this very moment: an override, perhaps, and it must be in it. */
  async function released(
    latest: Latest | null,
    { source, sourceHash, by }: Pick<Version, 'source' | 'sourceHash'> & { readonly by: string },
  ): Promise<Version | null> {
    const { whole, ...more } = await releaseOf(latest, await parse(source))
    return atomically(async (parts) => {
      const version = await versionOf(parts, whole, {
        ...plain,
        ...more,
        kind: 'release',
        source,
        sourceHash,
        publishedBy: by,
      })
      if (!(await parts.store.add(version))) return null
      await parts.record(lineOf('policy.published', version, by))
      return version
    })
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
    const kept = taken.length === 0 ? theirs : renamed(own, theirs)
    const whole = together(own, kept, roles)
    checkReadable(whole)
    const misfit = [
      ...taken.map((id) => `${id}: this name is Althing’s own now.`),
      ...wrong,
      ...(await failing(whole)),
    ]
    return {
      revision,
      whole,
      said: { ...said, compiled: writeJson(kept) },
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

  /**
   * What everything new is made of. What is in the table and was not signed by us is made into nothing.
   * @throws Fault policy.publish.no_version, unavailable
   */
  async function inForce(store: Pick<BundleStore, 'latest'>): Promise<Latest> {
    const latest = await store.latest()
    if (latest === null) throw fault.no_version()
    if (!signer.isOurs(latest))
      throw fault.unavailable(new Error(`Version ${latest.revision} is not signed by us.`))
    return latest
  }

  /**
   * After our key has changed the stored signature is none of ours, and would be refused everywhere: at the start, and only then, what is in
   * force is signed anew, and the audit log says so.
   */
  async function resigned(version: Version, by: string): Promise<Numbered> {
    const { revision, bundle } = version
    if (signer.isOurs(version)) return version
    const signature = signer.sign(bundle)
    await atomically(async ({ store, record }) => {
      await store.sign(revision, signature)
      await record(lineOf('policy.signed_anew', version, by))
    })
    return { revision, bundle, signature }
  }

  /** The next version after `latest`, with what the organisation says now; `whole` is what `beside` made of it. */
  function next(
    parts: Pick<Parts, 'standing'>,
    { revision: before, source, sourceHash }: Version,
    whole: Compiled,
    more: Partial<Version> & Pick<Version, 'kind' | 'publishedBy' | 'said'>,
  ): Promise<Version> {
    return versionOf(parts, whole, { ...plain, source, sourceHash, ...more, revision: before + 1 })
  }

  /** The same again with the overrides that stand now. Null when somebody else has published in this very moment. */
  async function renew(parts: Pick<Parts, 'standing' | 'store'>, by: string): Promise<Numbered | null> {
    const latest = await inForce(parts.store)
    const { said, misfit } = latest
    const whole = withoutOverrides(readCompiled(latest.bundle))
    const version = await next(parts, latest, whole, { kind: 'override', said, misfit, publishedBy: by })
    return (await parts.store.add(version)) ? version : null
  }

  async function versionOf(
    { standing }: Pick<Parts, 'standing'>,
    whole: Compiled,
    version: Omit<Version, 'bundle' | 'overrides' | 'signature'>,
  ): Promise<Version> {
    const overrides = await standing(whole.policies)
    const bundle = bundleText(version.revision, withOverrides(whole, overrides))
    return { ...version, bundle, overrides: [...overrides.ids], signature: signer.sign(bundle) }
  }

  /** What would be in force with it, without any override; and the names that are taken. */
  function beside(
    latest: Version,
    theirs: Compiled,
  ): { readonly whole: Compiled; readonly taken: readonly string[] } {
    const own = ownOf(latest.bundle, readCompiled(latest.said.compiled))
    return { whole: together(own, theirs, roles), taken: clashes(own, theirs) }
  }

  return { release, next, renew, beside, inForce }
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
