import { consolePlace, thingAt, type ConsolePlace, type ConsoleRoom } from '@althing/portal/contract'
import { useEffect, useState } from 'react'
import { AlertPage } from './alert-page.tsx'
import { AlertsPage } from './alerts-page.tsx'
import { ApplicationPage } from './application-page.tsx'
import { ApplicationsPage } from './applications-page.tsx'
import { DecisionPage } from './decision-page.tsx'
import { DecisionsPage } from './decisions-page.tsx'
import { DetailPage } from './detail-page.tsx'
import { EditPage } from './edit-page.tsx'
import { ClientPage } from './client-page.tsx'
import { EmergencyAskPage } from './emergency-ask-page.tsx'
import { EmergencyNotices } from './emergency-notice.tsx'
import { EditClientPage, NewClientPage } from './client-editing.tsx'
import { ClientsPage } from './clients-page.tsx'
import { Changed, Closed, Unsent } from './closed.tsx'
import type { Console } from './go.tsx'
import { Keys } from './keys.tsx'
import { ListPage } from './list-page.tsx'
import { LoginEventsPage } from './login-events-page.tsx'
import { MailPage } from './mail-page.tsx'
import { NotThere } from './not-there.tsx'
import { NewProgramPage } from './new-program-page.tsx'
import { NewOverridePage } from './new-override-page.tsx'
import { NewPersonPage } from './new-person-page.tsx'
import { OverridePage } from './override-page.tsx'
import { EmergencyPage, OverridesPage } from './overrides-page.tsx'
import { PeoplePage } from './people-page.tsx'
import { onSignedOut, SignedOut } from './problem.tsx'
import { PermissionsPage } from './permissions-page.tsx'
import { PersonPage } from './person-page.tsx'
import { PoliciesPage } from './policies-page.tsx'
import { PolicyDraftPage } from './policy-draft-page.tsx'
import { PolicyEditPage } from './policy-editing.tsx'
import { ComparePage, PolicyVersionPage } from './policy-version-page.tsx'
import { ProgramPage } from './program-page.tsx'
import { ProgramsPage } from './programs-page.tsx'
import { RolesPage } from './roles-page.tsx'
import { Rooms } from './rooms.tsx'
import { SettingsPage } from './settings-page.tsx'
import { SignalsPage } from './signals-page.tsx'
import { StandingContext, useStanding } from './standing.ts'

interface Props extends Omit<Console, 'go'> {
  /** Those that this person might enter when the page was made. */
  readonly rooms: readonly ConsoleRoom[]
}

export function App({ rooms: first, ...props }: Props) {
  const { at, step, go } = useAddress()
  const [isOut, setOut] = useState(false)
  useEffect(() => onSignedOut(() => setOut(true)), [])
  const { pathname, searchParams } = new URL(at, location.origin)
  const { rooms, may, roles, changed, isKnown } = useStanding(first, thingAt(consolePlace(pathname)), step)
  const place = consolePlace(pathname, rooms[0])
  return (
    <StandingContext value={{ rooms, may, roles }}>
      <div className="console">
        <div className="console-side">
          {rooms.length > 1 && <Rooms {...props} rooms={rooms} go={go} at={place?.room} />}
          {!isOut && <Keys locale={props.locale} go={go} rooms={rooms} />}
        </div>
        {isOut && <SignedOut locale={props.locale} />}
        {/* Covered for whoever sits here now; kept, as a form may be half written. */}
        <div className="console-page" hidden={isOut}>
          <Changed locale={props.locale} how={changed} />
          {isFirst(place, rooms) && <EmergencyNotices locale={props.locale} go={go} />}
          {place !== null && !rooms.includes(place.room) ? (
            <Closed key={place.room} locale={props.locale} go={go} room={place.room} rooms={rooms} />
          ) : (
            <>
              {place !== null && isKnown && <Unsent locale={props.locale} place={place} />}
              <Page {...props} go={go} place={place} filter={searchParams} />
            </>
          )}
        </div>
      </div>
    </StandingContext>
  )
}

/** Where the console is, and how many steps led there; a filter that is set within a page is none. */
function useAddress() {
  const here = () => location.pathname + location.search
  const [{ at, step }, set] = useState(() => ({ at: here(), step: 0 }))
  const move = (isStep: boolean) =>
    set((before) => ({ at: here(), step: isStep ? before.step + 1 : before.step }))
  useEffect(() => {
    const moved = () => move(true)
    addEventListener('popstate', moved)
    return () => removeEventListener('popstate', moved)
  }, [])
  const go: Console['go'] = (path, how = 'push') => {
    history[`${how}State`](null, '', path)
    move(how === 'push')
  }
  return { at, step, go }
}

/** Where the console begins: whoever comes in sees there what cannot wait. */
const isFirst = (place: ConsolePlace | null, rooms: Props['rooms']): boolean =>
  place?.room === rooms[0] && place?.id === undefined && rooms.includes('emergency')

interface PageProps extends Console {
  readonly place: ConsolePlace | null
  readonly filter: URLSearchParams
}

function Page({ place, filter, ...page }: PageProps) {
  if (place === null) return <NotThere {...page} />
  const { room, id, isEdited } = place
  if (room === 'clients') return <Clients {...page} place={place} filter={filter} />
  if (room === 'service-identities') return <Programs {...page} id={id} filter={filter} />
  if (room === 'policies') return <Policies {...page} place={place} filter={filter} />
  if (room === 'overrides' || room === 'emergency')
    return <Exceptions {...page} room={room} id={id} filter={filter} />
  if (room === 'permissions') return <PermissionsPage {...page} filter={filter} />
  if (room === 'mail') return <MailPage {...page} filter={filter} />
  if (room === 'signals') return <SignalsPage {...page} filter={filter} />
  if (room === 'settings') return <SettingsPage {...page} />
  if (room === 'login-events') return <LoginEventsPage {...page} filter={filter} />
  if (id === undefined) {
    if (room === 'applications') return <ApplicationsPage {...page} filter={filter} />
    if (room === 'decisions') return <DecisionsPage {...page} filter={filter} />
    if (room === 'alerts') return <AlertsPage {...page} filter={filter} />
    return room === 'people' ? (
      <PeoplePage {...page} filter={filter} />
    ) : (
      <ListPage {...page} filter={filter} />
    )
  }
  if (room === 'applications') return <ApplicationPage key={id} {...page} id={id} />
  if (room === 'decisions') return <DecisionPage key={id} {...page} id={id} />
  if (room === 'alerts') return <AlertPage key={id} {...page} id={id} />
  if (room === 'people' && id === 'new') return <NewPersonPage {...page} />
  if (room === 'people' && isEdited) return <RolesPage key={id} {...page} id={id} />
  if (room === 'people') return <PersonPage key={id} {...page} id={id} />
  if (id === 'new') return <EditPage key="new" {...page} id={null} />
  if (isEdited) return <EditPage key={id} {...page} id={id} />
  return <DetailPage key={id} {...page} id={id} />
}

interface ExceptionsProps extends Omit<PageProps, 'place'> {
  readonly room: 'overrides' | 'emergency'
  readonly id: string | undefined
}

function Exceptions({ room, id, filter, ...page }: ExceptionsProps) {
  const isOverrides = room === 'overrides'
  if (id === undefined)
    return isOverrides ? (
      <OverridesPage {...page} filter={filter} />
    ) : (
      <EmergencyPage {...page} filter={filter} />
    )
  if (id === 'new')
    return isOverrides ? (
      <NewOverridePage {...page} isReviewed={filter.get('step') === 'review'} />
    ) : (
      <EmergencyAskPage {...page} />
    )
  return <OverridePage key={id} {...page} door={room} id={id} />
}

function Programs({ id, filter, ...page }: Omit<PageProps, 'place'> & { readonly id: string | undefined }) {
  if (id === undefined) return <ProgramsPage {...page} filter={filter} />
  return id === 'new' ? (
    <NewProgramPage {...page} filter={filter} />
  ) : (
    <ProgramPage key={id} {...page} id={id} />
  )
}

function Clients({ place: { id, isEdited }, filter, ...page }: PageProps & { readonly place: ConsolePlace }) {
  if (id === undefined) return <ClientsPage {...page} filter={filter} />
  if (id === 'new') return <NewClientPage {...page} filter={filter} />
  return isEdited ? <EditClientPage key={id} {...page} id={id} /> : <ClientPage key={id} {...page} id={id} />
}

function Policies({
  place: { id, isEdited },
  filter,
  ...page
}: PageProps & { readonly place: ConsolePlace }) {
  if (id === undefined) return <PoliciesPage {...page} />
  if (id === 'new') return <PolicyEditPage key="new" {...page} id={null} />
  if (id === 'compare') return <ComparePage {...page} filter={filter} />
  if (!id.startsWith('drf_')) return <PolicyVersionPage key={id} {...page} id={id} filter={filter} />
  return isEdited ? (
    <PolicyEditPage key={`edit ${id}`} {...page} id={id} />
  ) : (
    <PolicyDraftPage key={id} {...page} id={id} />
  )
}
