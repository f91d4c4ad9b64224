import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'

interface WhoseProps extends Pick<Console, 'locale' | 'go'> {
  readonly account: string | null
}

/** In a list of what happened to everybody: the way to the person; nobody's where it is no account of ours. */
export function Whose({ locale, go, account }: WhoseProps) {
  const t = adminTexts(locale)
  if (account === null) return <span className="soft">{t('try.nobody')}</span>
  return (
    <Go to={`/admin/people/${account}`} go={go}>
      {t('try.who')}
    </Go>
  )
}
