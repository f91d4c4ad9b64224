import type { ReactNode } from 'react'

interface Props {
  readonly id: string
  readonly legend: string
  readonly error: string | undefined
  readonly children: ReactNode
}

/** A part of a form in which something is chosen, and what is wrong with it. */
export function Choices({ id, legend, error, children }: Props) {
  return (
    <fieldset className="choices" aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend>{legend}</legend>
      {error !== undefined && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {children}
    </fieldset>
  )
}
