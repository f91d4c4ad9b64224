/**
 * Who may do this, and through what; and what somebody may, all in all. What is found is exactly what our policies would allow; which engines
 * outside must agree as well is told beside it, and none of them is asked.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import { EntityUid } from '@althing/kernel/cedar'
import { actions as ownActions, appliesTo } from '../actions.ts'
import type { Evaluation, Page } from '../contract.ts'
import type { Engine, Others, Question, Ruling, Snapshot } from '../deciding.ts'
import type { Ref } from '../known.ts'
import { searched, usualPace, type Looking, type Pace } from '../searching.ts'
import { goalsOf, operationOf, partsOf, type PolicyJson } from './expressions.ts'
import { createProbe, type Probe } from './probe.ts'
import type { CanFound, MayFound, WhatMay, WhoCan } from './schema.ts'

/** The token of a page: of one question and one asker (access/pages.ts). */
interface Pages {
  read(token: string, question: unknown, caller: string): string
  write(after: string, question: unknown, caller: string): string
}

interface Needs<A> {
  readonly engine: Engine
  readonly enginesFor: Others['named']
  readonly pages: Pages
  readonly questionOf: (asked: Evaluation, asking: A) => Promise<Question>
  /** The asker, as a page is theirs. */
  readonly whoIs: (asking: A) => string
  /** Who may what is told of people, and not in silence. */
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly pace?: Pace
}

const usual = 100
const nobody = 'nobody'

export function createFinding<A>(needs: Needs<A>) {
  const { engine, enginesFor, questionOf, pace = usualPace } = needs
  const note = (action: string, { type, id }: Ref, asking: A) =>
    needs.record({ action, actor: needs.whoIs(asking), target: { type, id }, outcome: 'done' })

  async function whoCan({ page, ...asked }: WhoCan, asking: A): Promise<CanFound> {
    const { type } = asked.subject
    const question = await questionOf({ ...asked, subject: { type, id: nobody } }, asking)
    await note('access.who-can', asked.resource, asking)
    const { results, ...found } = await search(asked, page, asking, {
      candidates: (snapshot, after) => refs(type, snapshot.idsOf(type, after)),
      costs: () => 1,
      look(snapshot, { id }) {
        const one = { ...question, principal: { ...question.principal, id } }
        const ruling = snapshot.decide(one)
        return ruling.decision ? { type, id, through: throughOf(one, ruling, snapshot) } : null
      },
    })
    const engines = [...enginesFor(question.action, question.resource.type)]
    return { ...found, engines, results: [...results] }
  }

  async function whatMay({ page, resource, ...asked }: WhatMay, asking: A): Promise<MayFound> {
    const of = { type: resource?.type ?? 'Service', id: resource?.id ?? nobody }
    const question = await questionOf(
      { ...asked, action: { name: nobody }, resource: { ...resource, ...of } },
      asking,
    )
    await note('access.what-may', asked.subject, asking)
    const isWhole = resource === undefined
    const { results, ...found } = await search({ ...asked, resource }, page, asking, {
      candidates(snapshot, after) {
        if (isWhole)
          return wholeOf(asked.subject, snapshot).filter((one) => after === undefined || nameOf(one) > after)
        if (resource.id !== undefined) return after === undefined ? [of] : []
        return ofKind(of.type, snapshot, after)
      },
      costs: (snapshot) => actionsIn(snapshot).length,
      look(snapshot, ref) {
        const isOne = resource?.id !== undefined
        const names = actionsIn(snapshot).filter((name) =>
          isOne ? appliesTo(name, ref.type) : isAsked(ref, name),
        )
        const named = { type: ref.type, id: ref.id ?? nobody }
        const actions = names.flatMap((name) => {
          const one = { ...question, action: name, resource: { ...question.resource, ...named } }
          const ruling = snapshot.decide(one)
          const engines = [...enginesFor(name, ref.type)]
          return ruling.decision ? [{ name, through: throughOf(one, ruling, snapshot), engines }] : []
        })
        return actions.length === 0 ? null : { resource: ref, actions }
      },
    })
    return { ...found, results: [...results] }
  }

  async function search<P extends Place, T>(
    asked: object,
    page: Page | undefined,
    asking: A,
    looking: Pick<Looking<P, T>, 'candidates' | 'costs' | 'look'>,
  ) {
    const whose = needs.whoIs(asking)
    const plain = JSON.parse(JSON.stringify(asked)) as object
    const token = page?.token ?? page?.next_token ?? ''
    const limit = page?.limit ?? usual
    const { found, last } = await searched<P, T>(engine, pace, {
      ...looking,
      after: token === '' ? undefined : needs.pages.read(token, plain, whose),
      nameOf,
      isFull: ({ length }) => length === limit,
    })
    const next_token = last === undefined ? '' : needs.pages.write(last, plain, whose)
    return { page: { next_token, count: found.length }, results: found }
  }

  return { whoCan, whatMay }
}
export type Finding<A> = ReturnType<typeof createFinding<A>>

function* refs(type: string, ids: Iterable<string>): Iterable<Ref> {
  for (const id of ids) yield { type, id }
}

/** Something; or, without an id, any thing of its kind, as far as nothing is known of it. */
type Place = Omit<Ref, 'id'> & { readonly id: string | null }

/** How far a page has come: of a kind, what is said of any thing comes first. */
const nameOf = ({ type, id }: Place): string => id ?? `${type}::`

/** Those that Althing does something to, and that nobody tells policy of: elections, applications, accounts without a role. */
export const ownKinds: readonly string[] = [...new Set(Object.values(ownActions).flat())].filter(
  (kind) => kind !== 'Service',
)

/** What a policy permits may also be what none of them names. */
const actionsIn = (snapshot: Snapshot): string[] =>
  [...new Set([...snapshot.actions(), ...Object.keys(ownActions)])].sort()

/** All of Althing, and what is somebody's own. */
function wholeOf({ type, id }: Ref, snapshot: Snapshot): Place[] {
  const own = type === 'Person' ? [{ type, id }] : []
  const any = ownKinds.map((kind) => ({ type: kind, id: null }))
  return [...servicesIn(snapshot), ...own, ...any].sort((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : 1,
  )
}

/** Of a service as a whole only its own actions are asked about (kernel/http, `may`); of any thing of Althing's only Althing's. */
const isAsked = ({ type, id }: Place, name: string): boolean =>
  appliesTo(name, type) &&
  (type !== 'Service' || name.startsWith(`${id}.`)) &&
  (id !== null || !ownKinds.includes(type) || Object.hasOwn(ownActions, name))

/** What is known of the kind; and any thing of it, where there may be others. */
function* ofKind(type: string, snapshot: Snapshot, after: string | undefined): Iterable<Place> {
  if (type === 'Service')
    return yield* servicesIn(snapshot).filter(({ id }) => after === undefined || id > after)
  const any = { type, id: null }
  const isSaid = after === undefined || after === nameOf(any)
  const [known] = snapshot.idsOf(type, undefined)
  const isOpen = ownKinds.includes(type) || (known === undefined && snapshot.kinds().includes(type))
  if (after === undefined && isOpen) yield any
  yield* refs(type, snapshot.idsOf(type, isSaid ? undefined : after))
}

export function servicesIn(snapshot: Snapshot): Ref[] {
  const names = new Set(actionsIn(snapshot).map((action) => action.split('.')[0] ?? action))
  return [...names].sort().map((id) => ({ type: 'Service', id }))
}

/** Which policies let them, and what they are one of for it. */
function throughOf(question: Question, { determining }: Ruling, snapshot: Snapshot) {
  const laid = snapshot.ground(question)
  const probe = createProbe(laid)
  return determining.map((policy) => ({ policy, in: groupIn(laid.policies[policy] as PolicyJson, probe) }))
}

function groupIn(policy: PolicyJson, probe: Probe): Ref | null {
  const head = goalsOf(policy).find(({ of }) => of === 'principal')
  if (head === undefined) return null
  const operation = operationOf(head.expression)
  const { right, in: group } = partsOf(operation)
  if (operation.operator === '==' || (right ?? group) === undefined) return null
  const value = probe.evaluate(right ?? group)
  return value instanceof EntityUid ? { type: value.type, id: value.id } : null
}
