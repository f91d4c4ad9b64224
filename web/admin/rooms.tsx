import type { ConsoleRoom } from '@althing/portal/contract'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'

interface Props extends Pick<Console, 'locale' | 'go'> {
  /** Those that this person may enter, and no others. */
  readonly rooms: readonly ConsoleRoom[]
  readonly at: ConsoleRoom | undefined
}

/** The rooms of the console: those of elections, and those of people for who looks after them. */
export function Rooms({ locale, go, rooms, at }: Props) {
  const t = adminTexts(locale)
  return (
    <nav aria-label={t('rooms')}>
      <ul className="links rooms">
        {rooms.map((room) => (
          <li key={room}>
            {at === room ? (
              <strong aria-current="page">{t(`room.${room}`)}</strong>
            ) : (
              <Go to={`/admin/${room}`} go={go}>
                {t(`room.${room}`)}
              </Go>
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}
