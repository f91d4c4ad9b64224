/**
 * Who may, on what, and what may they (AuthZEN 1.0, sections 8 to 10)? Everybody and everything that is known is asked about, in the order of
 * the ids, with the same evaluator as a single question: what is found is exactly what would be allowed. A page ends when it is full, or
 * when it has taken long enough (searching.ts). Where engines outside must agree they are asked about each that is found, and a
 * page is shorter: an engine that does not answer makes the search fail, for a list with holes would be taken for the whole.
 */
import { appliesTo } from '../actions.ts'
import type { z } from 'zod'
import { whoIs } from '../caller.ts'
import type {
  ActionSearch,
  ActionsFound,
  EntitiesFound,
  Evaluation,
  Page,
  ResourceSearch,
  SubjectSearch,
} from '../contract.ts'
import type { Allowed, Engine, Others, Question, Snapshot } from '../deciding.ts'
import { fault } from './faults.ts'
import type { Pages } from './pages.ts'
import type { Asking } from './rules.ts'
import { searched, usualPace, type Pace } from '../searching.ts'

interface Needs {
  readonly engine: Engine
  readonly pages: Pages
  readonly questionOf: (asked: Evaluation, asking: Asking) => Promise<Question>
  readonly pace?: Pace
  readonly others: Others
}

/** Who was found: by us alone, or as far as we are concerned. */
interface Named {
  readonly name: string
  readonly open: Allowed | null
}

type Found = z.output<typeof EntitiesFound>
type Candidates = (snapshot: Snapshot, after: string | undefined) => Iterable<string>

const usual = 100
/** For one page: two or three rounds of calls, each with a connection of its own, in the time that an engine has for one question. */
const askedOutsideAtMost = 50
/** The id that a question has while it is asked about nobody in particular. */
const nobody = 'nobody'

export function createSearch({ engine, pages, questionOf, others, pace = usualPace }: Needs) {
  async function subjects({ page, ...asked }: SubjectSearch, asking: Asking): Promise<Found> {
    const { type } = asked.subject
    const question = await questionOf({ ...asked, subject: { ...asked.subject, id: nobody } }, asking)
    const found = await search(asked, page, asking, {
      candidates: (snapshot, after) => snapshot.idsOf(type, after),
      about: (id) => ({ ...question, principal: { ...question.principal, id } }),
    })
    return { page: found.page, results: found.names.map((id) => ({ type, id })) }
  }

  async function resources({ page, ...asked }: ResourceSearch, asking: Asking): Promise<Found> {
    const { type } = asked.resource
    const question = await questionOf({ ...asked, resource: { ...asked.resource, id: nobody } }, asking)
    const found = await search(asked, page, asking, {
      candidates: (snapshot, after) => snapshot.idsOf(type, after),
      about: (id) => ({ ...question, resource: { ...question.resource, id } }),
    })
    return { page: found.page, results: found.names.map((id) => ({ type, id })) }
  }

  async function actions(
    { page, ...asked }: ActionSearch,
    asking: Asking,
  ): Promise<z.output<typeof ActionsFound>> {
    const question = await questionOf({ ...asked, action: { name: nobody } }, asking)
    const found = await search(asked, page, asking, {
      // Nobody archives a door, whatever they may do to elections.
      candidates: (snapshot, after) =>
        snapshot
          .actions()
          .filter((name) => appliesTo(name, asked.resource.type) && (after === undefined || name > after)),
      about: (action) => ({ ...question, action }),
    })
    return { page: found.page, results: found.names.map((name) => ({ name })) }
  }

  async function search(
    asked: object,
    page: Page | undefined,
    { caller }: Asking,
    { candidates, about }: { readonly candidates: Candidates; readonly about: (name: string) => Question },
  ) {
    const whose = whoIs(caller)
    const token = page?.token ?? page?.next_token ?? ''
    const after = token === '' ? undefined : pages.read(token, asked, whose)
    const limit = page?.limit ?? usual
    let open = 0
    const { found, last, snapshot } = await searched<string, Named>(engine, pace, {
      after,
      candidates,
      nameOf: (name) => name,
      costs: () => 1,
      look(now, name) {
        const one = allowed(name, about(name), now)
        if (one !== null && one.open !== null) open += 1
        return one
      },
      isFull: ({ length }) => length === limit || open === askedOutsideAtMost,
    })
    const names = await agreed(found, snapshot)
    const next_token = last === undefined ? '' : pages.write(last, asked, whose)
    return { names, page: { next_token, count: names.length } }
  }

  /** Null when our own policies do not allow it; else whom others must be asked about still. */
  function allowed(name: string, question: Question, snapshot: Snapshot): Named | null {
    const ruling = snapshot.decide(question)
    if (!ruling.decision) return null
    const mustAgree = others.named(question.action, question.resource.type).length > 0
    return { name, open: mustAgree ? { question, ruling, snapshot } : null }
  }

  /** What others are asked is of one moment, the last: whoever was found in an earlier turn is looked at again. @throws Fault policy.access.engines_away */
  async function agreed(found: readonly Named[], snapshot: Snapshot): Promise<readonly string[]> {
    const still = found.flatMap((one) => {
      const now = one.open === null ? one : allowed(one.name, one.open.question, snapshot)
      return now === null ? [] : [now]
    })
    const open = still.flatMap((one) => (one.open === null ? [] : [{ name: one.name, open: one.open }]))
    if (open.length === 0) return still.map(({ name }) => name)
    const said = await others.agree(open.map((one) => one.open))
    if (said.some(({ ruling }) => ruling.errors.length > 0))
      throw fault.engines_away(undefined, { retryAfterSeconds: 15 })
    const denied = new Set(open.flatMap(({ name }, n) => (said[n]?.ruling.decision === true ? [] : [name])))
    return still.flatMap(({ name }) => (denied.has(name) ? [] : [name]))
  }

  return { subjects, resources, actions }
}
export type Search = ReturnType<typeof createSearch>
