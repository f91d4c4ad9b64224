import { useEffect, useState } from 'react'

export interface Loaded<T> {
  readonly value: T | null
  readonly error: unknown
  readonly busy: boolean
  readonly load: () => void
  /** Does something and loads again; what went wrong is shown. */
  readonly act: (work: () => Promise<unknown>) => void
}

/** What a page shows, asked for when `keys` change; what comes too late for them is not shown. */
export function useLoaded<T>(ask: () => Promise<T>, keys: readonly string[]): Loaded<T> {
  const [value, setValue] = useState<T | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let isCurrent = true
    const show = (what: () => void) => {
      if (isCurrent) what()
    }
    ask().then(
      (found) => show(() => (setValue(found), setError(null))),
      (reason: unknown) => show(() => setError(reason)),
    )
    return () => {
      isCurrent = false
    }
  }, [...keys, turn])
  const load = () => setTurn((before) => before + 1)
  const act = (work: () => Promise<unknown>) => {
    setBusy(true)
    work()
      .then(load, setError)
      .finally(() => setBusy(false))
  }
  return { value, error, busy, load, act }
}
