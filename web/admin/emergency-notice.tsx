import { createFormats } from '@althing/web-ui/format.ts'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Notice } from './parts.tsx'
import * as api from './overrides-api.ts'
import { beginning, calledOf, personOf } from './override-parts.tsx'
import { useNames, type Names } from './whose.tsx'

type Here = Pick<Console, 'locale' | 'go'>

/** Where the console begins it is seen that somebody has, or wants, a role that is lent. Who cannot be asked just now is no reason for an error here. */
export function EmergencyNotices({ locale, go }: Here) {
  const { value } = useLoaded(async () => (await api.emergencies({})).overrides.filter(isOpen), [])
  const open = value ?? []
  const names = useNames(open.map(({ subject }) => personOf(subject)))
  return open.map((one) => <Open key={one.id} locale={locale} go={go} one={one} names={names} />)
}

const isOpen = ({ state }: api.Override): boolean => state === 'asked' || state === 'in-force'

function Open({ locale, go, one, names }: Here & { readonly one: api.Override; readonly names: Names }) {
  const t = adminTexts(locale)
  const isAsked = one.state === 'asked'
  const who = calledOf({ locale, one: one.subject, names })
  const until = createFormats(locale).time(new Date(isAsked ? one.decideBy : (one.until ?? one.decideBy)))
  return (
    <Notice
      tone="wait"
      title={beginning(t(isAsked ? 'emergency.notice.waiting' : 'emergency.notice.standing', { who, until }))}
    >
      <p>
        <Go to={`/admin/emergency/${one.id}`} go={go}>
          {t('emergency.notice.see')}
          <span className="visually-hidden">: {who}</span>
        </Go>
      </p>
    </Notice>
  )
}
