import { useCarried } from './carried.ts'
import type { Draft, Question } from './confirm.tsx'

/** What was written into the questions of a page stays while the page does, and over the way to a proof of who somebody is. */
export type Written = (question: string) => Pick<Question, 'draft' | 'keep'>

/** @param page of which thing, as another one may be shown in its place */
export function useWritten(page: string): Written {
  const [drafts, set] = useCarried<Readonly<Record<string, Draft>>>(`written ${page}`, () => ({}))
  return (question) => ({
    ...(drafts[question] === undefined ? {} : { draft: drafts[question] }),
    keep: (draft) => set({ ...drafts, [question]: draft }),
  })
}
