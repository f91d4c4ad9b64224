import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Notice } from './parts.tsx'
import type { Simulated } from './permissions-api.ts'
import { PolicyLinks } from './policy-link.tsx'

interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly simulated: Simulated
}

/** What would be decided, beside what is. */
export function Supposed({ locale, go, simulated: { now, supposed } }: Props) {
  const t = adminTexts(locale)
  const isSame = now.decision === supposed.decision
  const { decision, determining, errors } = supposed
  return (
    <Notice
      tone={isSame ? 'wait' : decision ? 'go' : 'stop'}
      title={t(isSame ? 'whatif.same' : decision ? 'whatif.allowed' : 'whatif.denied')}
    >
      <p>
        {t('permissions.through')}:{' '}
        {determining.length + errors.length === 0 ? (
          t('decision.nothing').toLocaleLowerCase(locale)
        ) : (
          <PolicyLinks go={go} ids={[...determining, ...errors.map(({ policy }) => policy)]} />
        )}
      </p>
      {errors.map(({ policy, message }) => (
        <p key={policy} className="wraps">
          {policy}: <span lang="en">{message}</span>
        </p>
      ))}
    </Notice>
  )
}
