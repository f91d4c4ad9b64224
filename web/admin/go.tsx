import { consolePlace } from '@althing/portal/contract'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { MouseEvent, ReactNode } from 'react'
import { useRooms } from './standing.ts'

/** What every page of the console is given. */
export interface Console {
  readonly locale: Locale
  readonly ballotUrl: string
  readonly clock: () => Date
  readonly go: (path: string, how?: 'push' | 'replace') => void
}

/** What a list shows stands in its address: one part of it changed, or taken away. */
export function withFilter(room: string, filter: URLSearchParams, name: string, value: string): string {
  const next = new URLSearchParams(filter)
  if (value === '') next.delete(name)
  else next.set(name, value)
  return `/admin/${room}${next.size === 0 ? '' : `?${next.toString()}`}`
}

interface GoProps {
  readonly to: string
  readonly go: Console['go']
  readonly className?: string
  /** We are there. */
  readonly current?: boolean
  readonly children: ReactNode
}

/** A way that would lead to a room that is closed to whoever is here is none: what it says stands there as text. */
export function Go({ to, go, current = false, ...rest }: GoProps) {
  const rooms = useRooms()
  const room = consolePlace(to.split('?')[0] ?? to)?.room
  if (room !== undefined && !rooms.includes(room)) return rest.children
  const press = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go(to)
  }
  return <a href={to} onClick={press} aria-current={current ? 'page' : undefined} {...rest} />
}
