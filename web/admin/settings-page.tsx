import type { SettingsInForce } from '@althing/identity/contract'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Facts, Notice, PageHeading, Pill } from './parts.tsx'
import * as api from './people-api.ts'
import { ProblemNotice } from './problem.tsx'

type Setting = SettingsInForce['groups'][number]['settings'][number]

/** What is in force for signing in: read here, changed where the machine is run. What is worth a second look comes first. */
export function SettingsPage({ locale }: Console) {
  const t = adminTexts(locale)
  const { value, error, load } = useLoaded(api.settings, [])
  return (
    <>
      <PageHeading>{t('room.settings')}</PageHeading>
      <p className="soft">{t('settings.text')}</p>
      <ProblemNotice locale={locale} error={error} again={load} />
      {value !== null && (
        <>
          <Facts rows={[[t('settings.preset'), <code key="preset">{value.preset}</code>]]} />
          <Warnings locale={locale} inForce={value} />
          {value.groups.map((group) => (
            <Group key={group.id} locale={locale} group={group} />
          ))}
        </>
      )}
    </>
  )
}

interface WarningsProps extends Pick<Console, 'locale'> {
  readonly inForce: SettingsInForce
}

function Warnings({ locale, inForce: { groups, warnings } }: WarningsProps) {
  const t = adminTexts(locale)
  if (warnings.length === 0) return <Notice tone="go" title={t('settings.fine')} />
  const nameOf = (name: string | null) =>
    groups.flatMap(({ settings }) => settings).find((one) => one.name === name)?.env ?? ''
  return (
    <Notice tone="wait" title={t('settings.warnings', { count: warnings.length })}>
      <ul className="stack-tight">
        {warnings.map(({ kind, setting, value, decided }) => (
          <li key={`${kind} ${setting ?? ''}`} className="wraps">
            {t('settings.warning', {
              kind: kind.replaceAll('-', '_'),
              name: nameOf(setting),
              value: value ?? 0,
              decided: decided ?? 0,
            })}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

interface GroupProps extends Pick<Console, 'locale'> {
  readonly group: SettingsInForce['groups'][number]
}

/** Where somebody has decided something it lies open; the rest is as everywhere, and folded. */
function Group({ locale, group: { id, settings } }: GroupProps) {
  const t = adminTexts(locale)
  const decided = settings.filter(({ source }) => source !== 'default').length
  return (
    <details className="fold" open={decided > 0}>
      <summary>
        <h2>{t('settings.group', { id })}</h2>
        <span className="soft small">{t('settings.decided', { count: settings.length, decided })}</span>
      </summary>
      <ul className="rows">
        {settings.map((one) => (
          <Row key={one.env} locale={locale} setting={one} />
        ))}
      </ul>
    </details>
  )
}

/** What is only as it always was says so in soft letters; what somebody decided stands out. */
function Row({ locale, setting }: Pick<Console, 'locale'> & { readonly setting: Setting }) {
  const t = adminTexts(locale)
  const { env, secret, isSet, value, written, fallback, source, meaning } = setting
  return (
    <li>
      <div className="rows-main">
        <p className="setting-value wraps">
          {secret ? t(isSet ? 'settings.set' : 'settings.unset') : shown(value, t('settings.nothing'))}
        </p>
        <p className="small">{meaning[locale]}</p>
        <p className="soft small wraps">
          <code>{env}</code>
          {source === 'default' && `, ${t('settings.source.default')}`}
          {written !== null && `, ${t('settings.written', { value: written })}`}
          {!secret && source !== 'default' && `, ${t('settings.usual', { value: fallback ?? '' })}`}
        </p>
      </div>
      <Pill tone={source === 'default' ? 'plain' : 'info'}>{t(`settings.source.${source}`)}</Pill>
    </li>
  )
}

const shown = (value: string | null, nothing: string) =>
  value === null || value === '' ? nothing : <code>{value}</code>
