/** What is looked for among the decisions, as it was written; somebody may be named there as people name them. */
import { fieldErrorsOf } from './problem.tsx'
import * as api from './decisions-api.ts'
import { nameOf, peopleLike, refIn, type Somebody } from './permissions-api.ts'

export type Asked = Readonly<Record<string, string>>
type Mistake = 'nobody' | 'many' | 'written' | 'form'
export type Mistakes = Readonly<Record<string, Mistake>>

interface Answered {
  /** Null where nothing was asked, as something is wrong with the question. */
  readonly page: Awaited<ReturnType<typeof api.decisions>> | null
  /** What was asked indeed. */
  readonly filter: Asked
  readonly wrong: Mistakes
  /** Those whom it could be about. */
  readonly many: readonly Somebody[]
}

export async function answerTo(asked: Asked, cursor: string): Promise<Answered> {
  const { subject = '', resource = '' } = asked
  const people = subject === '' ? [] : await peopleLike(subject)
  const [one] = people
  const wrong: Mistakes = {
    ...(subject !== '' && one === undefined ? { subject: 'nobody' as const } : {}),
    ...(people.length > 1 ? { subject: 'many' as const } : {}),
    ...(resource !== '' && refIn(resource) === null ? { resource: 'written' as const } : {}),
  }
  if (Object.keys(wrong).length > 0) return { page: null, filter: asked, wrong, many: people }
  const filter = { ...asked, subject: one === undefined ? '' : nameOf(one.ref) }
  return { page: await api.decisions({ ...filter, cursor }), filter, wrong, many: [] }
}

/** What the service would not take of an address that somebody wrote by hand. */
export const refusedFields = (error: unknown): Mistakes =>
  Object.fromEntries(
    fieldErrorsOf(error).flatMap(({ pointer }) => {
      const [, name] = /^\/query\/(\w+)$/.exec(pointer) ?? []
      return name === undefined ? [] : [[name, 'form'] as const]
    }),
  )
