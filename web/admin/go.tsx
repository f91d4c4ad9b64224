import type { Locale } from '@althing/web-ui/locale.ts'
import type { MouseEvent, ReactNode } from 'react'

/** What every page of the console is given. */
export interface Console {
  readonly locale: Locale
  readonly ballotUrl: string
  readonly clock: () => Date
  readonly go: (path: string, how?: 'push' | 'replace') => void
}

interface GoProps {
  readonly to: string
  readonly go: Console['go']
  readonly className?: string
  readonly children: ReactNode
}

export function Go({ to, go, ...rest }: GoProps) {
  const press = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go(to)
  }
  return <a href={to} onClick={press} {...rest} />
}
