import { wayOf } from '@althing/web-ui/way.ts'
import { useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { stateTones } from './deliveries.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Choice, Pager, Pill } from './parts.tsx'
import { rolesIn } from './people-page.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { timeline, type Line } from './timeline-api.ts'

interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly id: string
}

/** Everything that happened to somebody, the latest first: what, who, and why. */
export function Timeline({ locale, go, id }: Props) {
  const t = adminTexts(locale)
  const [kind, setKind] = useState('')
  const [turned, setTurned] = useState<readonly string[]>([])
  const before = turned.at(-1) ?? ''
  const { value, error } = useLoaded(() => timeline(id, { kind, before }), [id, kind, before])
  const kinds = (['', 'changes', 'sign-ins', 'letters'] as const).map(
    (one) => [one, t(one === '' ? 'timeline.kind.all' : `timeline.kind.${one}`)] as const,
  )
  const choose = (one: string) => {
    setTurned([])
    setKind(one)
  }
  return (
    <section className="section stack" aria-label={t('timeline.title')}>
      <h2>{t('timeline.title')}</h2>
      <p className="soft small">{t('timeline.text')}</p>
      <div className="filters">
        <Choice id="timeline-kind" label={t('timeline.show')} value={kind} set={choose} options={kinds} />
      </div>
      <ProblemNotice locale={locale} error={error} />
      {value?.lines.length === 0 && <p role="status">{t('timeline.none')}</p>}
      <ol className="rows" aria-label={t('timeline.title')}>
        {value?.lines.map((line) => (
          <li key={line.id}>
            <div className="rows-main">
              <p>
                <What locale={locale} line={line} />
              </p>
              <p className="soft small">
                <At locale={locale} at={line.at} /> · <Who locale={locale} go={go} line={line} />
                {line.kind === 'changes' && line.reason !== null && (
                  <span className="wraps"> · {t('timeline.reason', { reason: line.reason })}</span>
                )}
              </p>
            </div>
          </li>
        ))}
      </ol>
      <Pager locale={locale} turned={turned} turn={setTurned} next={value?.next ?? null} />
    </section>
  )
}

interface LineProps extends Pick<Console, 'locale'> {
  readonly line: Line
}

function What({ locale, line }: LineProps): ReactNode {
  const t = adminTexts(locale)
  const { action, outcome, fields, login, letter, reason } = line
  if (login !== null)
    return (
      <>
        <Pill tone={login.result === 'refused' ? 'stop' : 'plain'}>{t(`try.${login.result}`)}</Pill>{' '}
        {t('how', wayOf(login.method))}
        {reason !== null && <span className="soft">: {t('why', { reason })}</span>}
        <span className="soft small wraps">
          {' · '}
          {login.device}, {login.network}
        </span>
      </>
    )
  if (letter !== null)
    return (
      <>
        <strong>{letter.channel === 'sms' ? t('mail.sms') : letter.subject}</strong>{' '}
        <Pill tone={stateTones[letter.state]}>{t(`mail.state.${letter.state}`)}</Pill>
      </>
    )
  const roles = fields[0] === 'roles' ? rolesIn(locale, fields.slice(1)) : ''
  const named = [...fields.map((field) => t('timeline.field', { field })), roles].filter(
    (word) => word !== '',
  )
  return (
    <>
      <strong>{t('timeline.action', { action: action.replaceAll(/[.-]/g, '_'), name: action })}</strong>
      {named.length > 0 && <span className="soft"> ({named.join(', ')})</span>}
      {outcome !== 'done' && <Pill tone="stop">{t('timeline.undone')}</Pill>}
    </>
  )
}

function Who({ locale, go, line: { actor } }: LineProps & Pick<Console, 'go'>): ReactNode {
  const t = adminTexts(locale)
  const { kind, id, name } = actor
  if (kind === 'person' && name !== null && id !== null)
    return (
      <Go to={`/admin/people/${id}`} go={go}>
        {name}
      </Go>
    )
  if (kind === 'operator') return t('timeline.by.operator', { name: name ?? '' })
  return t(`timeline.by.${kind}`)
}
