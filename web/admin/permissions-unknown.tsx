import { near } from '@althing/kernel/service/near.ts'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { Notice } from './parts.tsx'

interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly action: string
  readonly known: readonly string[]
  /** Where the question stands with another action in it. */
  readonly addressWith: (action: string) => string
}

/** A word that nobody knows is denied to everybody: as an answer that would be read for a no. */
export function UnknownAction({ locale, go, action, known, addressWith }: Props) {
  const t = adminTexts(locale)
  const meant = near(action, known)
  return (
    <Notice tone="wait" title={t('permissions.unknown')}>
      <p>{t('permissions.unknown.text')}</p>
      {meant !== undefined && (
        <p>
          <Go to={addressWith(meant)} go={go}>
            {t('permissions.meant', { action: meant })}
          </Go>
        </p>
      )}
    </Notice>
  )
}
