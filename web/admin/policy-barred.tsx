import { isAdministrator } from '@althing/policy/contract'
import { createFormats } from '@althing/web-ui/format.ts'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import * as overrides from './overrides-api.ts'
import { accountOf } from './policy-parts.tsx'
import type { Keeper } from './policies-api.ts'

type Act = 'policy.draft' | 'policy.activate' | 'policy.roll-back'

interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly keeper: Keeper
  readonly act: Act
}

/** Whose role it is, and who may not all the same. */
export const isBarred = ({ roles, may }: Keeper, act: Act): boolean => !may(act) && isAdministrator(roles)

/** An administrator who misses a button is told why: until when something was taken from them, when that is it. */
export function Barred({ locale, go, keeper, act }: Props) {
  const t = adminTexts(locale)
  const { value, error } = useLoaded(() => banOf(keeper.actor, act), [keeper.actor, act])
  if (value === null && error === null) return null
  const what = act.replace('policy.', '').replace('-', '_')
  if (value?.ban == null) return <p>{t('barred', { what })}</p>
  const { id, until } = value.ban
  const at = until === null ? '' : createFormats(locale).dateTime(new Date(until))
  return (
    <p>
      {t('barred.until', { what, at })}{' '}
      <Go to={`/admin/overrides/${id}`} go={go}>
        {t('barred.see')}
      </Go>
    </p>
  )
}

async function banOf(actor: string, act: Act) {
  const { overrides: found } = await overrides.overrides({
    kind: 'deny',
    state: 'in-force',
    subject: accountOf(actor) ?? '',
  })
  return { ban: found.find((one) => one.actions.includes(act) && isOfPolicies(one)) ?? null }
}

const isOfPolicies = ({ resource }: overrides.Override): boolean =>
  resource === null || (resource.type === 'Service' && resource.id === 'policy')
