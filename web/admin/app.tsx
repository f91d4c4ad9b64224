import { useEffect, useState } from 'react'
import { AlertPage } from './alert-page.tsx'
import { AlertsPage } from './alerts-page.tsx'
import { ApplicationsPage } from './applications-page.tsx'
import { DetailPage } from './detail-page.tsx'
import { EditPage } from './edit-page.tsx'
import type { Console } from './go.tsx'
import { ListPage } from './list-page.tsx'
import { LoginEventsPage } from './login-events-page.tsx'
import { MailPage } from './mail-page.tsx'
import { NewPersonPage } from './new-person-page.tsx'
import { PeoplePage } from './people-page.tsx'
import { PersonPage } from './person-page.tsx'
import { Rooms } from './rooms.tsx'
import { SettingsPage } from './settings-page.tsx'

interface Props extends Omit<Console, 'go'> {
  /** Whoever looks after people has more rooms than who runs elections. */
  readonly keepsPeople: boolean
}

export function App({ keepsPeople, ...props }: Props) {
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
  const { pathname, searchParams } = new URL(at, location.origin)
  return (
    <>
      {keepsPeople && <Rooms {...props} go={go} at={pathname === '/admin' ? '/admin/elections' : pathname} />}
      <Page {...props} go={go} pathname={pathname} filter={searchParams} />
    </>
  )
}

interface PageProps extends Console {
  readonly pathname: string
  readonly filter: URLSearchParams
}

function Page({ pathname, filter, ...page }: PageProps) {
  const [, room, id, verb] = /^\/admin\/([a-z-]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/.exec(pathname) ?? []
  if (room === 'applications') return <ApplicationsPage {...page} filter={filter} />
  if (room === 'alerts' && id === undefined) return <AlertsPage {...page} filter={filter} />
  if (room === 'alerts' && id !== undefined) return <AlertPage key={id} {...page} id={id} />
  if (room === 'mail') return <MailPage {...page} filter={filter} />
  if (room === 'settings') return <SettingsPage {...page} />
  if (room === 'login-events') return <LoginEventsPage {...page} filter={filter} />
  if (room === 'people' && id === undefined) return <PeoplePage {...page} filter={filter} />
  if (room === 'people' && id === 'new') return <NewPersonPage {...page} />
  if (room === 'people' && id !== undefined) return <PersonPage key={id} {...page} id={id} />
  if (id === undefined) return <ListPage {...page} filter={filter} />
  if (id === 'new') return <EditPage key="new" {...page} id={null} />
  if (verb === 'edit') return <EditPage key={id} {...page} id={id} />
  return <DetailPage key={id} {...page} id={id} />
}
