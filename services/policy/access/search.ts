/**
 * Who may, on what, and what may they (AuthZEN 1.0, sections 8 to 10)? Everybody and everything that is known is asked about, in the order of
 * the ids, with the same evaluator as a single question: what is found is exactly what would be allowed. A page ends when it is full, or
 * when so many were asked about that others would have to wait.
 */
import type { Caller } from '@althing/kernel/http'
import type { z } from 'zod'
import type {
  ActionSearch,
  ActionsFound,
  EntitiesFound,
  Evaluation,
  Page,
  ResourceSearch,
  SubjectSearch,
} from '../contract.ts'
import type { Engine, Question, Snapshot } from '../deciding.ts'
import type { Pages } from './pages.ts'
import type { Asking } from './rules.ts'

interface Needs {
  readonly engine: Engine
  readonly pages: Pages
  readonly questionOf: (asked: Evaluation, asking: Asking) => Promise<Question>
  /** How many are asked about for one page: at two microseconds each, what others wait for it. */
  readonly askedAtMost?: number
}

type Found = z.output<typeof EntitiesFound>
type Candidates = (snapshot: Snapshot, after: string | undefined) => Iterable<string>

const usual = 100
/** The id that a question has while it is asked about nobody in particular. */
const nobody = 'nobody'

export function createSearch({ engine, pages, questionOf, askedAtMost = 20_000 }: Needs) {
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
      candidates: (snapshot, after) =>
        after === undefined ? snapshot.actions() : snapshot.actions().filter((name) => name > after),
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
    const snapshot = await engine.fresh()
    const { names, last } = take(
      candidates(snapshot, after),
      page?.limit ?? usual,
      (name) => snapshot.decide(about(name)).decision,
    )
    const next_token = last === undefined ? '' : pages.write(last, asked, whose)
    return { names, page: { next_token, count: names.length } }
  }

  /** `last` is there when somebody was left who has not been asked about. */
  function take(candidates: Iterable<string>, limit: number, may: (name: string) => boolean) {
    const names: string[] = []
    let [count, last]: [number, string | undefined] = [0, undefined]
    for (const name of candidates) {
      if (names.length === limit || count === askedAtMost) return { names, last }
      if (may(name)) names.push(name)
      count += 1
      last = name
    }
    return { names, last: undefined }
  }

  return { subjects, resources, actions }
}
export type Search = ReturnType<typeof createSearch>

const whoIs = ({ kind, subject }: Caller): string => `${kind}:${subject}`
