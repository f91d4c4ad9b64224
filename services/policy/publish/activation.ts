/**
 * What an organisation says comes into force when two people want it: one has written and proposed it, another one has read it. One hand alone can
 * do it from the command line of the machine, and the audit log says so. Going back to what was in force before needs one person and a reason.
 */
import type { Atomically } from '@althing/kernel/service'
import type { Checked, Compiled, Problem, Proposal, Source, Trial } from '../authored.ts'
import { isAdministrator } from '../contract.ts'
import { checkReadable, readCompiled } from './bundle.ts'
import type { Numbered } from './current.ts'
import { fault } from './faults.ts'
import { forgottenIn, type Forgotten } from './forgotten.ts'
import { lineOf, type Parts, type Publishing } from './rules.ts'
import type { Latest, Version } from './schema.ts'
import type { BundleStore } from './store.ts'

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly publishing: Pick<Publishing, 'next' | 'beside' | 'inForce'>
  readonly store: Pick<BundleStore, 'latest' | 'version' | 'writtenIn'>
  readonly draft: (id: string) => Promise<(Proposal & { readonly isOpen: boolean }) | null>
  /** By a role of their own, now; null of whoever is no person. */
  readonly isAdministrator: (actor: string) => Promise<boolean | null>
  readonly check: (source: Source) => Promise<Checked>
  /** What stands beside a kept `compiled` when it was made of this text. */
  readonly seal: (source: Source, compiled: string) => string
  /** Althing's own cases and the draft's, decided with all of it. */
  readonly trials: (
    whole: Compiled,
    tests: string,
  ) => Promise<{ readonly problems: readonly Problem[]; readonly trials: readonly Trial[] }>
  readonly announce: (bundle: Numbered) => void
}

/** Each time an override was first: so many in a row are no coincidence. */
const mostTries = 50

/** What was looked at, and what is to be in force instead. */
interface Brought {
  readonly latest: Latest
  readonly whole: Compiled
  readonly next: Partial<Version> & Pick<Version, 'kind' | 'publishedBy' | 'said'>
}

interface Bringing {
  /** As the audit log names them. */
  readonly by: string
  /** Of their own, without what is lent to them; not said of whoever is no person. */
  readonly roles?: readonly string[]
  readonly reason?: string | undefined
  /** Whoever wrote it brings it into force: from the command line only. */
  readonly alone?: boolean
}

interface BringingAll extends Bringing {
  /** Hears what is in force and would not be any more, and throws where that is not meant. */
  readonly forgets: (forgotten: Forgotten) => void
}

export function createActivation(needs: Needs) {
  const { atomically, publishing, store, announce } = needs

  async function activate(
    id: string,
    version: number,
    { by, roles, reason, alone = false }: Bringing,
  ): Promise<{ revision: number }> {
    const draft = await needs.draft(id)
    if (draft === null) throw fault.no_draft()
    if (!draft.isOpen) throw fault.closed()
    if (draft.version !== version) throw fault.changed()
    if (draft.proposedBy === null && !alone) throw fault.not_proposed()
    const isOwn = by === draft.changedBy || by === draft.proposedBy
    if (isOwn && !alone) throw fault.own()
    if (roles !== undefined && !alone) await refuseOnlyLent(roles, draft.proposedBy)
    const latest = await current()
    if (draft.basedOn !== latest.written)
      throw fault.outdated(undefined, {
        extensions: {
          based_on: draft.basedOn,
          current: latest.written,
          changes: `/api/policy/versions/${draft.basedOn}/diff/${latest.written}`,
        },
      })
    const { compiled, whole } = await passing(draft, latest)
    const next = {
      kind: 'activation' as const,
      said: { ...draft.source, compiled },
      publishedBy: by,
      proposedBy: draft.proposedBy ?? draft.changedBy,
      isAlone: alone && (isOwn || draft.proposedBy === null),
      title: draft.title,
      reason: reason ?? null,
      draft: id,
    }
    return put({ latest, whole, next }, 'policy.activated', (close, revision) => close(draft, revision))
  }

  /** What is lent ends by itself; what comes into force by it does not. @throws Fault only_lent when neither has the role of their own */
  async function refuseOnlyLent(roles: readonly string[], proposedBy: string | null): Promise<void> {
    if (isAdministrator(roles)) return
    if (proposedBy === null || (await needs.isAdministrator(proposedBy)) === false) throw fault.only_lent()
  }

  /** From a file, by one hand: the draft that never was. */
  async function activateAlone(
    source: Source,
    title: string,
    { by, reason, forgets }: BringingAll,
  ): Promise<{ revision: number }> {
    const latest = await current()
    const { compiled, whole } = await passing({ source, compiled: null, compiledFrom: null }, latest)
    forgets(forgottenIn({ ...source, compiled }, latest.said))
    const next = {
      kind: 'activation' as const,
      said: { ...source, compiled },
      publishedBy: by,
      proposedBy: by,
      isAlone: true,
      title,
      reason: reason ?? null,
    }
    return put({ latest, whole, next }, 'policy.activated')
  }

  async function rollBack(revision: number, { by, reason }: Bringing): Promise<{ revision: number }> {
    const [older, latest] = [await store.version(revision), await current()]
    if (older === null) throw fault.no_version()
    if ((await store.writtenIn(revision)) === latest.written) throw fault.in_force()
    const { whole, taken } = publishing.beside(latest, readCompiled(older.said.compiled))
    if (taken.length > 0) throw fault.does_not_fit()
    // An evaluator of today, and policies of then: what is Althing's own may have come since, and is not given away by going back either.
    checkReadable(whole)
    await passes(whole, '')
    const next = {
      kind: 'rollback' as const,
      said: older.said,
      publishedBy: by,
      reason: reason ?? null,
      restores: revision,
    }
    return put({ latest, whole, next }, 'policy.rolled_back')
  }

  /** What a source is compiled to, when it may come into force. @throws Fault unfit, taken, failing */
  async function passing(
    draft: Pick<Proposal, 'source' | 'compiled' | 'compiledFrom'>,
    latest: Version,
  ): Promise<{ readonly compiled: string; readonly whole: Compiled }> {
    const compiled = await compiledOf(draft)
    const { whole, taken } = publishing.beside(latest, readCompiled(compiled))
    if (taken.length > 0)
      throw fault.taken(undefined, {
        fields: taken
          .slice(0, 50)
          .map((id) => ({ pointer: `/policies/${id}`, message: 'Is Althing’s own.' })),
      })
    await passes(whole, draft.source.tests)
    return { compiled, whole }
  }

  /** Althing's own cases, and those tests. @throws Fault unfit, failing */
  async function passes(whole: Compiled, tests: string): Promise<void> {
    const { problems, trials } = await needs.trials(whole, tests)
    if (problems.length > 0) throw fault.unfit(undefined, { fields: problems.map(fieldOf) })
    const failing = trials.filter(({ passed }) => !passed)
    if (failing.length > 0)
      throw fault.failing(undefined, {
        fields: failing.slice(0, 50).map(({ file, line, name, instead }) => ({
          pointer: `/${file}/${line}`,
          message: `${name}: ${instead ?? ''}`,
        })),
      })
  }

  /** As it was kept when it was checked, when it was made of this very text. */
  async function compiledOf({
    source,
    compiled,
    compiledFrom,
  }: Pick<Proposal, 'source' | 'compiled' | 'compiledFrom'>): Promise<string> {
    if (compiled !== null && compiledFrom === needs.seal(source, compiled)) return compiled
    const checked = await needs.check(source)
    if (checked.problems.length > 0) throw fault.unfit(undefined, { fields: checked.problems.map(fieldOf) })
    return checked.compiled
  }

  const current = () => publishing.inForce(store)

  /** An override that came meanwhile has changed nothing of what was looked at: it is taken along, and nobody has to begin anew. */
  async function put(
    bringing: Brought,
    action: string,
    close?: (closing: Parts['close'], revision: number) => Promise<boolean>,
  ): Promise<{ revision: number }> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const version = await added(bringing, action, close)
      if (version === null) continue
      announce(version)
      return { revision: version.revision }
    }
    throw fault.overtaken()
  }

  /** One transaction: the version, the end of the draft and the line in the audit log are there, or none of them. */
  async function added(
    { latest: looked, whole, next }: Brought,
    action: string,
    close?: (closing: Parts['close'], revision: number) => Promise<boolean>,
  ): Promise<Version | null> {
    return atomically(async (parts) => {
      const latest = await parts.store.latest()
      if (latest?.written !== looked.written) throw fault.overtaken()
      const version = await publishing.next(parts, latest, whole, next)
      if (!(await parts.store.add(version))) return null
      if (close !== undefined && !(await close(parts.close, version.revision))) throw fault.changed()
      await parts.record(lineOf(action, version, next.publishedBy))
      return version
    })
  }

  return { activate, activateAlone, rollBack }
}
export type Activation = ReturnType<typeof createActivation>

const fieldOf = ({ part, policy, line, column, message }: Problem) => ({
  pointer: `/${part}${line === null ? '' : `/${line}${column === null ? '' : `:${column}`}`}`,
  message: policy === null ? message : `${policy}: ${message}`,
})
