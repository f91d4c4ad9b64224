/**
 * A draft is everybody's who may edit it; from the moment its manifest is published, title, questions and schedule stand for
 * every ticket and cannot change any more. Each change and its audit line are one transaction.
 */
import type { Chance } from '@althing/kernel/context'
import type { Atomically, Tx } from '@althing/kernel/service'
import { ElectionId, type AdminElection, type CreateElection, type PatchElection } from '../contract.ts'
import type { Draft, Election } from '../record.ts'
import { fault } from './faults.ts'
import { checkSchedule, checkSealingKey, paperOf, textOf } from './paper.ts'
import { Cursor, type ListQuery } from './schema.ts'
import type { ElectionStore } from './store.ts'

/** The work of a key happens once; whoever comes again with it gets what the first left. */
type Once = <T>(given: { scope: string; key: string; request: unknown }, work: () => Promise<T>) => Promise<T>

interface Needs {
  readonly chance: Chance
  readonly language: 'is' | 'en'
  readonly store: ElectionStore
  readonly atomically: Atomically<{
    readonly store: ElectionStore
    readonly record: Tx['record']
    readonly once: Once
  }>
  /** How an election looks to officers, its turnout in steps. */
  readonly present: (election: Election) => Promise<AdminElection>
}

export function createSetup({ chance, language, store, atomically, present }: Needs) {
  /** @param key sent along by whoever may have to ask again: the same key is the same draft */
  async function create(input: CreateElection, actor: string, key?: string): Promise<AdminElection> {
    const draft = draftOf(input, language)
    const made = await atomically(async ({ store, record, once }) => {
      const make = async () => {
        const id = ElectionId.parse(chance.uuid())
        await record({
          action: 'elections.created',
          actor,
          target: { type: 'Election', id },
          outcome: 'done',
          fields: Object.keys(input),
        })
        await store.insert(id, draft)
        return { id }
      }
      const scope = `elections.create ${actor}`
      const { id } = key === undefined ? await make() : await once({ scope, key, request: input }, make)
      return store.find(id)
    })
    return present(found(made))
  }

  async function change(id: ElectionId, input: PatchElection, actor: string): Promise<AdminElection> {
    const fields = Object.entries(input).flatMap(([name, value]) => (value === undefined ? [] : [name]))
    if (fields.length === 0) throw fault.nothing_to_change()
    const changed = await atomically(async (parts) => {
      const before = found(await parts.store.hold(id))
      await parts.record({
        action: 'elections.changed',
        actor,
        target: { type: 'Election', id },
        outcome: 'done',
        fields,
      })
      if (before.status === 'draft') return redraft(parts.store, before, input)
      return describe(parts.store, before, input, fields)
    })
    return present(changed)
  }

  async function redraft(on: ElectionStore, before: Election, input: PatchElection): Promise<Election> {
    if (before.publication === 'pending') throw fault.publishing()
    const after = await on.redraft(before.id, before.version, patched(before, input, language))
    if (after === null) throw fault.changed()
    return after
  }

  async function describe(
    on: ElectionStore,
    before: Election,
    input: PatchElection,
    fields: readonly string[],
  ): Promise<Election> {
    const frozen = fields.filter((name) => name !== 'description')
    if (frozen.length > 0)
      throw fault.frozen(undefined, {
        fields: frozen.map((name) => ({
          pointer: `/${name}`,
          message: 'Is fixed by the published manifest.',
        })),
      })
    return found(await on.describe(before.id, descriptionOf(input.description, language)))
  }

  async function remove(id: ElectionId, actor: string): Promise<void> {
    await atomically(async (parts) => {
      found(await parts.store.hold(id))
      if (!(await parts.store.remove(id))) throw fault.not_removable()
      await parts.record({
        action: 'elections.deleted',
        actor,
        target: { type: 'Election', id },
        outcome: 'done',
      })
    })
  }

  async function list({ cursor, limit, ...filter }: ListQuery) {
    const rows = await store.list({
      ...filter,
      limit: limit + 1,
      after: cursor === undefined ? undefined : cursorOf(cursor),
    })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const has_more = rows.length > limit
    const next_cursor = has_more && last !== undefined ? markOf(last) : null
    return { elections: await Promise.all(page.map(present)), pagination: { limit, has_more, next_cursor } }
  }

  const show = async (id: ElectionId): Promise<AdminElection> => present(found(await store.find(id)))

  return { create, change, remove, list, show }
}
export type Setup = ReturnType<typeof createSetup>

function found(election: Election | null): Election {
  if (election === null) throw fault.not_found()
  return election
}

function draftOf(input: CreateElection, language: 'is' | 'en'): Draft {
  return checked({
    title: textOf(input.title, language),
    description: descriptionOf(input.description, language),
    questions: paperOf(input, language),
    eligibility: input.eligibility,
    scheduledStart: dateOf(input.scheduled_start),
    scheduledEnd: dateOf(input.scheduled_end),
    sealingKey: input.sealing_key ?? null,
    smallGroupReason: input.small_group_reason ?? null,
  })
}

/** What is not named stays. A question is changed as a whole paper: half of one form and half of the other would be neither. */
function patched(before: Election, input: PatchElection, language: 'is' | 'en'): Draft {
  const isPaper = [
    input.question,
    input.answers,
    input.questions,
    input.voting_type,
    input.max_selections,
  ].some((part) => part !== undefined)
  return checked({
    title: input.title === undefined ? before.title : textOf(input.title, language),
    description:
      input.description === undefined ? before.description : descriptionOf(input.description, language),
    questions: isPaper ? paperOf(withRest(before, input), language) : before.questions,
    eligibility: input.eligibility ?? before.eligibility,
    scheduledStart:
      input.scheduled_start === undefined ? before.scheduledStart : dateOf(input.scheduled_start),
    scheduledEnd: input.scheduled_end === undefined ? before.scheduledEnd : dateOf(input.scheduled_end),
    sealingKey: input.sealing_key ?? before.sealingKey,
    smallGroupReason: input.small_group_reason ?? before.smallGroupReason,
  })
}

/** The single form may name one part of its only question; the others come from the draft. */
function withRest(before: Election, input: PatchElection) {
  const [only] = before.questions
  if (input.questions !== undefined || only === undefined || before.questions.length > 1) return input
  const isSingle = (input.voting_type ?? only.voting_type) === 'single-choice'
  return {
    question: input.question ?? only.text,
    answers: input.answers ?? only.options,
    voting_type: input.voting_type ?? only.voting_type,
    max_selections:
      input.max_selections ?? (isSingle ? 1 : input.answers === undefined ? only.max_selections : undefined),
  }
}

function checked(draft: Draft): Draft {
  checkSchedule(draft.scheduledStart, draft.scheduledEnd)
  if (draft.sealingKey !== null) checkSealingKey(draft.sealingKey)
  return draft
}

function descriptionOf(given: CreateElection['description'], language: 'is' | 'en'): Election['description'] {
  return given === undefined || given === '' ? null : textOf(given, language)
}

const dateOf = (given: string | null | undefined): Date | null =>
  given === null || given === undefined ? null : new Date(given)

const markOf = ({ createdAt, id }: Election): string =>
  Buffer.from(JSON.stringify({ createdAt, id })).toString('base64url')

function cursorOf(mark: string) {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(mark, 'base64url').toString('utf8')))
  } catch (cause) {
    throw fault.bad_cursor(cause, {
      fields: [{ pointer: '/query/cursor', message: 'Is not a page marker.' }],
    })
  }
}
