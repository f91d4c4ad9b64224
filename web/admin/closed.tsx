import type { ConsoleAction, ConsolePlace, ConsoleRoom } from '@althing/portal/contract'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { Notice, PageHeading } from './parts.tsx'
import { useMay, type Changed as How } from './standing.ts'

/** Said once, where it was noticed: the rooms beside it are others now. */
export function Changed({ locale, how }: Pick<Console, 'locale'> & { readonly how: How | null }) {
  if (how === null) return null
  const t = adminTexts(locale)
  return (
    <Notice tone="info" title={t(`changed.${how}`)}>
      <p>{t('changed.text')}</p>
    </Notice>
  )
}

/** What is written in a room is sent by whoever may do this. */
const sentAs: Readonly<
  Partial<Record<ConsoleRoom, { readonly new: ConsoleAction; readonly edit?: ConsoleAction }>>
> = {
  elections: { new: 'elections.create', edit: 'elections.update' },
  people: { new: 'users.create', edit: 'users.set-roles' },
  clients: { new: 'clients.create', edit: 'clients.change' },
  'service-identities': { new: 'service-identities.create' },
  policies: { new: 'policy.draft', edit: 'policy.draft' },
  overrides: { new: 'overrides.ask' },
  emergency: { new: 'emergency.ask' },
}

interface UnsentProps extends Pick<Console, 'locale'> {
  readonly place: ConsolePlace
}

/** Said before anybody writes what would be refused at the end; and to whoever has begun, whose words stay. */
export function Unsent({ locale, place: { room, id, isEdited } }: UnsentProps) {
  const may = useMay()
  const t = adminTexts(locale)
  const act = isEdited ? sentAs[room]?.edit : id === 'new' ? sentAs[room]?.new : undefined
  if (act === undefined || may(act)) return null
  return (
    <Notice tone="wait" title={t('closed.form')}>
      <p>{t('closed.text')}</p>
    </Notice>
  )
}

interface ClosedProps extends Pick<Console, 'locale' | 'go'> {
  readonly room: ConsoleRoom
  readonly rooms: readonly ConsoleRoom[]
}

/** A room that was open to whoever stands in it, and is not any more: asking again does not open it, and somebody can. */
export function Closed({ locale, go, room, rooms: [first] }: ClosedProps) {
  const t = adminTexts(locale)
  return (
    <div className="stack">
      <PageHeading>{t('closed.title', { room: t(`room.${room}`) })}</PageHeading>
      <p>{t('closed.text')}</p>
      <div className="row">
        {first === undefined ? (
          <a href="/">{t('closed.front')}</a>
        ) : (
          <Go to={`/admin/${first}`} go={go}>
            {t('closed.room', { room: t(`room.${first}`) })}
          </Go>
        )}
        <a href="/account">{t('closed.roles')}</a>
      </div>
    </div>
  )
}
