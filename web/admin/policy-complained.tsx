import type { Complaint } from '@althing/policy/contract'
import { complaintWords, isToldByOthers } from './complaint-words.ts'
import type { Console } from './go.tsx'

interface Props extends Pick<Console, 'locale'> {
  readonly problem: Complaint
}

/** In the reader's language; what only Cedar itself has words for is told as it says it. */
export function Complained({ locale, problem }: Props) {
  const words = complaintWords(locale, problem)
  if (!isToldByOthers(problem)) return words
  return (
    <>
      {words} <span lang="en">{problem.values['detail'] ?? problem.message}</span>
    </>
  )
}
