import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { Pill } from './parts.tsx'
import type * as api from './permissions-api.ts'
import type { Say } from './permissions-saying.ts'
import { policyAddress } from './policy-link.tsx'
import { At } from './state.tsx'

type Told = api.Explanation['policies'][number]
type Goal = Told['goals'][number]
interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly policy: Told
  readonly say: Say
}

const tones = { yes: 'go', no: 'plain', error: 'stop' } as const

/** One policy that had a say: what it asks for, what of it holds, and what decided that the rest does not. */
export function PolicyTold({ locale, go, policy, say }: Props) {
  const { id, effect, applies, goals, reason, advice, override } = policy
  const t = adminTexts(locale)
  const said = reason[locale] ?? reason.en
  return (
    <details className="fold">
      <summary>
        <h3 className="wraps">
          {id} · {t(`permissions.effect.${effect}`)}
        </h3>
        <Pill tone={tones[applies]}>{t(`permissions.applies.${applies}`)}</Pill>
      </summary>
      <div className="stack-tight">
        {said !== null && <p>{t('permissions.reason', { reason: said })}</p>}
        {advice !== null && <p>{advice}</p>}
        {override !== null && (
          <p>
            {t('permissions.override', { reason: override.reason })}{' '}
            <At locale={locale} at={override.until} />
          </p>
        )}
        {goals.length === 0 ? (
          <p className="soft">{t('permissions.goals.none')}</p>
        ) : (
          <ul className="rows">
            {goals.map((goal) => (
              <GoalTold key={goal.of + goal.text} locale={locale} goal={goal} say={say} />
            ))}
          </ul>
        )}
        <p>
          <Go to={policyAddress(id)} go={go}>
            {t('permissions.seePolicy', { id })}
          </Go>
        </p>
      </div>
    </details>
  )
}

interface GoalProps extends Pick<Console, 'locale'> {
  readonly goal: Goal
  readonly say: Say
}

function GoalTold({ locale, goal: { of, text, holds, because }, say }: GoalProps) {
  const t = adminTexts(locale)
  return (
    <li>
      <div className="rows-main">
        <p className="soft small">{t('permissions.goal', { of })}</p>
        <p className="wraps">
          <code>{say(text)}</code>
        </p>
        {because !== null && (
          <Because locale={locale} because={because} isWhole={because.text === text} say={say} />
        )}
      </div>
      <Pill tone={tones[holds]}>{t(`permissions.holds.${holds}`)}</Pill>
    </li>
  )
}

interface BecauseProps extends Pick<Console, 'locale'> {
  readonly because: NonNullable<Goal['because']>
  /** The part that decided is all of it: it stands there already. */
  readonly isWhole: boolean
  readonly say: Say
}

function Because({ locale, because: { text, values, missing, message }, isWhole, say }: BecauseProps) {
  const t = adminTexts(locale)
  return (
    <div className="stack-tight small wraps">
      {!isWhole && (
        <p>
          {t('permissions.because')}: <code>{say(text)}</code>
        </p>
      )}
      {values.map((one) => (
        <p key={one.text}>
          <code>
            {one.text} = {say(one.value)}
          </code>
        </p>
      ))}
      {missing !== null && <p>{t('permissions.missing', { of: say(missing.of), name: missing.name })}</p>}
      {message !== null && <p lang="en">{message}</p>}
    </div>
  )
}
