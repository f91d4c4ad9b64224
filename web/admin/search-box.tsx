import { useEffect, useState } from 'react'

/** A moment after the last letter, not after each. */
const pauseMs = 250

interface Props {
  readonly id: string
  readonly label: string
  /** What is looked for, as it stands in the address. */
  readonly value: string
  readonly set: (value: string) => void
}

/** Looks while somebody writes: a table is asked for when they pause. */
export function SearchBox({ id, label, value, set }: Props) {
  const [written, setWritten] = useState(value)
  useEffect(() => {
    if (written === value) return undefined
    const timer = setTimeout(() => set(written), pauseMs)
    return () => clearTimeout(timer)
  }, [written])
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        className="input"
        value={written}
        onChange={(event) => setWritten(event.target.value)}
      />
    </div>
  )
}
