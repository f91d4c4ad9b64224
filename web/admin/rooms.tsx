import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'

/** The rooms of the console: those of elections, and those of people for who looks after them. */
const rooms = ['people', 'applications', 'login-events', 'alerts', 'mail', 'settings'] as const

export function Rooms({ locale, go, at }: Pick<Console, 'locale' | 'go'> & { readonly at: string }) {
  const t = adminTexts(locale)
  return (
    <nav aria-label={t('rooms')}>
      <ul className="links rooms">
        {(['elections', ...rooms] as const).map((room) => (
          <li key={room}>
            {at.startsWith(`/admin/${room}`) ? (
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
