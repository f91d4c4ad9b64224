import type { ConsoleAction } from '@althing/portal/contract'
import type { ReactNode } from 'react'
import { useMay } from './standing.ts'

interface Props {
  readonly may: ConsoleAction
  readonly children: ReactNode
}

/** What changes something stands only before whoever may do it at this moment; the others read the same page without it. */
export function Where({ may: act, children }: Props) {
  return useMay()(act) ? children : null
}
