import { consolePlace } from '@althing/portal/contract'
import { Refused } from '@althing/web-ui/dom/http.ts'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { PageHeading } from './parts.tsx'

/** Nothing is at this address, or not any more. An id that cannot be one is answered alike: to a person it is the same. */
export function NotThere({ locale, go }: Pick<Console, 'locale' | 'go'>) {
  const t = adminTexts(locale)
  // Whatever is wrong with the rest of the address, its list is there.
  const room = consolePlace(location.pathname.split('/').slice(0, 3).join('/'))?.room
  return (
    <div className="stack">
      <PageHeading>{t('notThere.title')}</PageHeading>
      <p>{t('notThere.text')}</p>
      <p>
        {room === undefined ? (
          <Go to="/admin" go={go}>
            {t('notThere.home')}
          </Go>
        ) : (
          <Go to={`/admin/${room}`} go={go}>
            {t('notThere.room', { room: t(`room.${room}`) })}
          </Go>
        )}
      </p>
    </div>
  )
}

export const isNotThere = (error: unknown): boolean =>
  error instanceof Refused &&
  (error.status === 404 ||
    (error.status === 400 &&
      error.errors.length > 0 &&
      error.errors.every(({ pointer }) => pointer.startsWith('/path'))))
