import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Button } from './parts.tsx'
import { nameOf, type Somebody } from './permissions-api.ts'

interface Props extends Pick<Console, 'locale'> {
  readonly people: readonly Somebody[]
  /** With what means only them, in the words of people where there are any. */
  readonly choose: (written: string) => void
}

/** More than one person was meant by what somebody wrote: they say which. */
export function WhichOne({ locale, people, choose }: Props) {
  if (people.length < 2) return null
  return (
    <ul className="rows found" aria-label={adminTexts(locale)('permissions.which')}>
      {people.slice(0, 8).map(({ ref, name, more }) => (
        <li key={nameOf(ref)}>
          <Button kind="quiet" onPress={() => choose(more === '' ? nameOf(ref) : more)}>
            {name} {more !== '' && <span className="soft small">{more}</span>}
          </Button>
        </li>
      ))}
    </ul>
  )
}
