/**
 * What somebody would have in force instead of what is. A draft is of all that the organisation says; it is made on top of a version that is
 * named, and nobody writes over what somebody else has written meanwhile. Proposed is what its author holds to be finished: a change afterwards
 * makes it a draft again.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock, Ids } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import type { Checked, Problem, Source, Trial } from '../authored.ts'
import { fault } from './faults.ts'
import type { Change, Create, Draft, DraftHead, DraftListed, DraftRead, DraftShown } from './schema.ts'
import type { DraftStore } from './store.ts'

interface Parts {
  readonly store: DraftStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

/** All that is known about a source without bringing it into force. */
export interface Judgement {
  readonly checked: Checked
  readonly trials: readonly Trial[]
}

export interface Judged {
  /** What was made of the source before. */
  readonly compiled?: string
  /** Whoever asks. */
  readonly by?: string
}

interface Needs {
  readonly atomically: Atomically<Parts>
  readonly clock: Clock
  readonly ids: Ids
  readonly inForce: () => Promise<{ readonly revision: number; readonly source: Source }>
  /** With which version it was written what is in force in that one: overrides outdate no draft. Null when there is no such version. */
  readonly writtenIn: (revision: number) => Promise<number | null>
  readonly judge: (source: Source, how?: Judged) => Promise<Judgement>
  readonly seal: (source: Source, compiled: string) => string
  /** By a role of their own, now; null of whoever is no person. */
  readonly isAdministrator: (actor: string) => Promise<boolean | null>
}

const mostOpen = 100

export function createDrafts(needs: Needs) {
  const { atomically, clock, ids, inForce, writtenIn, judge, seal } = needs

  async function create({ title, note, ...texts }: Create, by: string): Promise<DraftShown> {
    const { revision, source } = await inForce()
    const at = clock.now()
    const draft: Draft = {
      id: ids.create('drf'),
      title,
      note,
      source: { ...source, ...said(texts) },
      version: 1,
      state: 'open',
      basedOn: revision,
      madeBy: by,
      madeAt: at,
      changedBy: by,
      changedAt: at,
      authors: [by],
      proposedBy: null,
      proposedAt: null,
      revision: null,
      compiled: null,
      compiledFrom: null,
    }
    await atomically(async ({ store, record }) => {
      if ((await store.countOpen()) >= mostOpen) throw fault.too_many()
      await store.add(draft)
      await record(lineOf('policy.draft_made', draft, by))
    })
    return shown(draft, revision)
  }

  async function change(
    id: string,
    read: number,
    { title, note, basedOn, ...texts }: Change,
    by: string,
  ): Promise<DraftShown> {
    const base = basedOn === undefined ? undefined : await writtenIn(basedOn)
    if (base === null) throw fault.no_such_base()
    const { revision } = await inForce()
    return atomically(async ({ store, record }) => {
      const before = await openOf(store, id, read)
      const next: Draft = {
        ...before,
        title: title ?? before.title,
        note: note ?? before.note,
        source: { ...before.source, ...said(texts) },
        basedOn: base ?? before.basedOn,
        changedBy: by,
        changedAt: clock.now(),
      }
      if (!(await store.change(next, read))) throw fault.changed()
      await record(lineOf('policy.draft_changed', next, by, changedIn(before, next)))
      return shown({ ...next, version: read + 1, proposedBy: null, proposedAt: null }, revision)
    })
  }

  async function read(id: string): Promise<DraftRead> {
    const draft = await atomically(({ store }) => store.read(id))
    if (draft === null) throw fault.no_draft()
    const { changedBy, proposedBy } = draft
    const authors = [
      ...new Set([changedBy, ...draft.authors, ...(proposedBy === null ? [] : [proposedBy])]),
    ].map(async (actor) => ({ actor, isAdministrator: await needs.isAdministrator(actor) }))
    return { ...shown(draft, (await inForce()).revision), authors: await Promise.all(authors) }
  }

  const list = async (state: DraftHead['state']) => ({
    drafts: (await atomically(({ store }) => store.list(state))).map(listed),
  })

  /** What is made of a text that is right is kept: bringing it into force does not read it again. */
  async function check(id: string, by: string, { mayBeKept = false } = {}): Promise<Judgement> {
    const draft = await atomically(({ store }) => store.read(id))
    if (draft === null) throw fault.no_draft()
    const { source, compiled: kept, compiledFrom } = draft
    if (mayBeKept && kept !== null && compiledFrom === seal(source, kept))
      return judge(source, { compiled: kept })
    const judgement = await judge(source, { by })
    const { problems, compiled } = judgement.checked
    if (problems.length === 0)
      await atomically(({ store }) => store.keepCompiled(id, draft.version, compiled, seal(source, compiled)))
    return judgement
  }

  async function propose(id: string, version: number, by: string): Promise<DraftListed> {
    const { checked, trials } = await check(id, by, { mayBeKept: true })
    if (checked.problems.length > 0) throw fault.unfit(undefined, { fields: checked.problems.map(fieldOf) })
    const failing = trials.filter(({ passed }) => !passed)
    if (failing.length > 0)
      throw fault.failing(undefined, {
        fields: failing
          .slice(0, 50)
          .map(({ file, line, name }) => ({ pointer: `/${file}/${line}`, message: name })),
      })
    return atomically(async ({ store, record }) => {
      const draft = await openOf(store, id, version)
      const at = clock.now()
      if (!(await store.propose(id, version, by, at))) throw fault.changed()
      await record(lineOf('policy.draft_proposed', draft, by))
      return listed({ ...draft, proposedBy: by, proposedAt: at })
    })
  }

  async function withdraw(id: string, version: number, by: string): Promise<DraftListed> {
    return atomically(async ({ store, record }) => {
      const draft = await openOf(store, id, version)
      if (!(await store.withdraw(id, version))) throw fault.changed()
      await record(lineOf('policy.draft_withdrawn', draft, by))
      return listed({ ...draft, state: 'withdrawn' })
    })
  }

  return { create, change, read, list, check, propose, withdraw }
}
export type Drafts = ReturnType<typeof createDrafts>

/** @throws Fault no_draft, closed, changed */
async function openOf(store: DraftStore, id: string, version: number): Promise<Draft> {
  const draft = await store.read(id)
  if (draft === null) throw fault.no_draft()
  if (draft.state !== 'open') throw fault.closed()
  if (draft.version !== version) throw fault.changed()
  return draft
}

type Texts = Partial<Record<keyof Source, string | undefined>>

const said = (texts: Texts): Partial<Source> =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Partial<Source>

function changedIn(before: Draft, after: Draft): string[] {
  const texts = (['policies', 'schema', 'links', 'tests'] as const).filter(
    (part) => before.source[part] !== after.source[part],
  )
  const others = (['title', 'note', 'basedOn'] as const).filter((name) => before[name] !== after[name])
  return [...texts, ...others]
}

function listed({
  id,
  title,
  version,
  state,
  basedOn,
  madeBy,
  changedBy,
  proposedBy,
  revision,
  madeAt,
  changedAt,
  proposedAt,
}: DraftHead): DraftListed {
  const times = {
    madeAt: madeAt.toISOString(),
    changedAt: changedAt.toISOString(),
    proposedAt: proposedAt === null ? null : proposedAt.toISOString(),
  }
  return { id, title, version, state, basedOn, madeBy, changedBy, proposedBy, revision, ...times }
}

const shown = (draft: Draft, inForce: number): DraftShown => ({
  ...listed(draft),
  note: draft.note,
  ...draft.source,
  inForce,
})

const lineOf = (
  action: string,
  { id, basedOn }: DraftHead,
  actor: string,
  fields: readonly string[] = [],
): AuditEntry => ({
  action,
  actor,
  target: { type: 'PolicyDraft', id },
  outcome: 'done',
  fields: [...fields, `based on ${basedOn}`],
})

const fieldOf = ({ part, policy, line, column, message }: Problem) => ({
  pointer: `/${part}${line === null ? '' : `/${line}${column === null ? '' : `:${column}`}`}`,
  message: policy === null ? message : `${policy}: ${message}`,
})
