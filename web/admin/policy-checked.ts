import { useEffect, useRef, useState } from 'react'
import * as api from './policies-api.ts'

/** Long enough that nobody is interrupted in the middle of a line. */
const pauseMs = 1_000

interface CheckedNow {
  readonly judged: api.Judged | null
  readonly error: unknown
  readonly busy: boolean
  readonly check: () => void
}

/** What is said of a text, a moment after somebody has paused; an answer about what stood there before is not shown. */
export function useChecked({ policies, schema, links, tests }: api.Texts): CheckedNow {
  const [judged, setJudged] = useState<api.Judged | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const turn = useRef(0)
  const check = () => {
    turn.current += 1
    const own = turn.current
    const show = (what: () => void) => {
      if (own === turn.current) what()
    }
    setBusy(true)
    api
      .check({ policies, schema, links, tests })
      .then(
        (found) => show(() => (setJudged(found), setError(null))),
        (reason: unknown) => show(() => setError(reason)),
      )
      .finally(() => show(() => setBusy(false)))
  }
  const isFirst = useRef(true)
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false
      return undefined
    }
    const timer = setTimeout(check, pauseMs)
    return () => clearTimeout(timer)
  }, [policies, schema, links, tests])
  return { judged, error, busy, check }
}
