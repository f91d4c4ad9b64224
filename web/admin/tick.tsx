import type { ReactNode } from 'react'

interface Props {
  readonly isOn: boolean
  readonly put: (isOn: boolean) => void
  readonly children: ReactNode
}

/** One thing that is so or not, with its words beside it. */
export const Tick = ({ isOn, put, children }: Props) => (
  <label className="tick">
    <input type="checkbox" checked={isOn} onChange={(event) => put(event.target.checked)} />
    <span>{children}</span>
  </label>
)
