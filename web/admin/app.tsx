import { useEffect, useState } from 'react'
import { DetailPage } from './detail-page.tsx'
import { EditPage } from './edit-page.tsx'
import type { Console } from './go.tsx'
import { ListPage } from './list-page.tsx'

export function App(props: Omit<Console, 'go'>) {
  const [at, setAt] = useState(() => location.pathname + location.search)
  useEffect(() => {
    const moved = () => setAt(location.pathname + location.search)
    addEventListener('popstate', moved)
    return () => removeEventListener('popstate', moved)
  }, [])
  const go: Console['go'] = (path, how = 'push') => {
    history[`${how}State`](null, '', path)
    setAt(path)
  }
  const page = { ...props, go }
  const { pathname, searchParams } = new URL(at, location.origin)
  const [, id, verb] = /^\/admin\/elections\/([^/]+)(?:\/([a-z]+))?$/.exec(pathname) ?? []
  if (id === undefined) return <ListPage {...page} filter={searchParams} />
  if (id === 'new') return <EditPage key="new" {...page} id={null} />
  if (verb === 'edit') return <EditPage key={id} {...page} id={id} />
  return <DetailPage key={id} {...page} id={id} />
}
