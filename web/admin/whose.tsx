import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import * as api from './people-api.ts'
import { useRooms } from './standing.ts'

export type Names = ReadonlyMap<string, string>
const nobodys: Names = new Map()

/**
 * What the people of a list are called. Whoever may see the list and not the people, or asks when nobody answers, sees where each line
 * leads as before: a name is never worth an error.
 */
export function useNames(accounts: readonly (string | null)[]): Names {
  const ids = [...new Set(accounts.filter((one) => one !== null))].sort()
  const { value } = useLoaded(async () => (ids.length === 0 ? nobodys : api.names(ids)), [ids.join()])
  return value ?? nobodys
}

interface WhoseProps extends Pick<Console, 'locale' | 'go'> {
  readonly account: string | null
  readonly names: Names
}

/** In a list of what happened to everybody: the person, and the way to them; nobody where it is no account of ours. */
export function Whose({ locale, go, account, names }: WhoseProps) {
  const t = adminTexts(locale)
  const isOpen = useRooms().includes('people')
  if (account === null) return <span className="soft">{t('try.nobody')}</span>
  // What cannot be opened is not offered to be seen.
  if (!isOpen) return names.get(account) ?? <Unnamed locale={locale} account={account} />
  return (
    <Go to={`/admin/people/${account}`} go={go}>
      {names.get(account) ?? t('try.who')}
    </Go>
  )
}

/** Whom whoever reads this has no name of: by the id others can say who it is. */
function Unnamed({ locale, account }: Pick<Console, 'locale'> & { readonly account: string }) {
  return (
    <>
      {adminTexts(locale)('override.somebody')} (<code className="wraps">{account}</code>)
    </>
  )
}
