import { Fragment } from 'react'
import { Go, type Console } from './go.tsx'

interface Props extends Pick<Console, 'go'> {
  readonly ids: readonly string[]
  /** Where they stood then; without it, where they stand now. */
  readonly revision?: number
}

/** The names of policies, each a way to where it stands. */
export function PolicyLinks({ go, ids, revision }: Props) {
  return (
    <span className="wraps">
      {ids.map((id, n) => (
        <Fragment key={id}>
          {n > 0 && ', '}
          <Go to={policyAddress(id, revision)} go={go}>
            {id}
          </Go>
        </Fragment>
      ))}
    </span>
  )
}

const override = /^override\/(ovr_[0-9a-f-]+)/

/** What somebody was given or denied for a while is a policy too, and has a page of its own. */
export function policyAddress(id: string, revision?: number): string {
  const [, one] = override.exec(id) ?? []
  if (one !== undefined) return `/admin/overrides/${one}`
  return `/admin/policies/${revision ?? 'current'}?policy=${encodeURIComponent(id)}`
}
