import type { ConsoleRoom } from '@althing/portal/contract'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'

interface Props extends Pick<Console, 'locale' | 'go'> {
  /** Those that this person may enter, and no others. */
  readonly rooms: readonly ConsoleRoom[]
  readonly at: ConsoleRoom | undefined
}

const groups = ['voting', 'people', 'guarding', 'house'] as const
type Group = (typeof groups)[number]

/** What is about neither votes nor people nor attacks is about how the house works. */
const groupOf: Readonly<Partial<Record<ConsoleRoom, Group>>> = {
  elections: 'voting',
  people: 'people',
  applications: 'people',
  'login-events': 'guarding',
  alerts: 'guarding',
  policies: 'guarding',
  permissions: 'guarding',
  decisions: 'guarding',
  overrides: 'guarding',
  emergency: 'guarding',
}

/** The rooms of the console, in groups: beside the page where there is room, and folded above it where there is not. */
export function Rooms({ locale, go, rooms, at }: Props) {
  const t = adminTexts(locale)
  const [isOpen, setOpen] = useState(false)
  // Whoever has chosen a room wants to see it, and not the list.
  const leave: Console['go'] = (path, how) => {
    setOpen(false)
    go(path, how)
  }
  return (
    <nav className="rooms" aria-label={t('rooms')}>
      <button
        type="button"
        className="button button-secondary rooms-button"
        aria-expanded={isOpen}
        aria-controls="rooms"
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
      >
        {t('rooms')}
        {at !== undefined && `: ${t(`room.${at}`)}`}
      </button>
      <div id="rooms" className={isOpen ? 'rooms-list' : 'rooms-list rooms-folded'}>
        {groups.map((group) => {
          const own = rooms.filter((room) => (groupOf[room] ?? 'house') === group)
          return own.length === 0 ? null : (
            <RoomGroup key={group} group={group} locale={locale} go={leave} rooms={own} at={at} />
          )
        })}
      </div>
    </nav>
  )
}

function RoomGroup({ group, locale, go, rooms, at }: Props & { readonly group: Group }) {
  const t = adminTexts(locale)
  return (
    <div className="rooms-group">
      <h2 id={`rooms-${group}`}>{t(`rooms.${group}`)}</h2>
      <ul aria-labelledby={`rooms-${group}`}>
        {rooms.map((room) => (
          <li key={room}>
            <Go to={`/admin/${room}`} go={go} current={at === room}>
              {t(`room.${room}`)}
            </Go>
          </li>
        ))}
      </ul>
    </div>
  )
}
