/** @jsxImportSource preact */
import type { Locale } from '@althing/web-ui/locale.ts'
import type { ComponentChildren } from 'preact'
import type { Places } from './place.ts'

/** What every page of the booth is given. */
export interface Booth {
  readonly locale: Locale
  readonly places: Places
  readonly clock: () => Date
  readonly go: (address: string, how?: 'push' | 'replace') => void
}

interface GoProps {
  readonly to: string
  readonly go: Booth['go']
  readonly class?: string
  readonly children: ComponentChildren
}

/** A link that works as one: opened in a new tab, it loads the page; pressed here, it does not. */
export function Go({ to, go, children, ...rest }: GoProps) {
  return (
    <a
      href={to}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        go(to)
      }}
      {...rest}
    >
      {children}
    </a>
  )
}
