import type { Tone } from '@althing/web-ui/parts.ts'
import type { ReactNode } from 'react'
import { Said } from './actions-said.tsx'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { Facts, Pill } from './parts.tsx'
import { hasFallen, whyFallen, type Override } from './overrides-api.ts'
import { nameOf, type Ref } from './permissions-api.ts'
import { Named } from './permissions-found.tsx'
import { isAccount } from './people-api.ts'
import { accountOf, Who } from './policy-parts.tsx'
import { At } from './state.tsx'
import { useNames, type Names } from './whose.tsx'

const tones = {
  asked: 'wait',
  'in-force': 'go',
  expired: 'plain',
  refused: 'stop',
  ended: 'plain',
  lapsed: 'plain',
} as const satisfies Record<Override['state'], Tone>

/** A ban that stands is no good news either. */
export function Standing({
  locale,
  of: { state, kind },
}: Pick<Console, 'locale'> & { readonly of: Override }) {
  const tone = state === 'in-force' && kind !== 'allow' ? 'info' : tones[state]
  return (
    <Pill tone={tone}>{adminTexts(locale)('override.state', { state: state.replaceAll('-', '_') })}</Pill>
  )
}

/** In a list of many: why nobody decides about it any more stands there too. */
export function StandingShort({ locale, of }: Parameters<typeof Standing>[0]) {
  if (!hasFallen(of)) return <Standing locale={locale} of={of} />
  return (
    <>
      <Standing locale={locale} of={of} />
      <p className="soft">{adminTexts(locale)('override.fell.short', { why: whyFallen(of) })}</p>
    </>
  )
}

export const personOf = ({ type, id }: Ref): string | null => (type === 'Person' ? id : null)
/** Whoever is not here any more is somebody. Applications have people and things of their own, whom they know by their ids. */
export const calledOf = ({ locale, one, names }: Called): string =>
  names.get(one.id) ?? (isAccount(one.id) ? adminTexts(locale)('override.somebody') : nameOf(one))
interface Called extends Pick<Console, 'locale'> {
  readonly one: Ref
  readonly names: Names
}

/** A sentence may begin with somebody. */
export const beginning = (sentence: string): string =>
  sentence.charAt(0).toLocaleUpperCase() + sentence.slice(1)

/** What it lets somebody do, or not. */
export function What({
  locale,
  of: { role, actions, words },
}: Pick<Console, 'locale'> & { readonly of: Override }) {
  if (role !== null) return adminTexts(locale)('override.role', { role })
  return <Said locale={locale} words={words} actions={actions} />
}

export const minutesOf = ({ lastsSeconds }: Override): number => Math.round((lastsSeconds ?? 0) / 60)

/** Until when; of what nobody has agreed to yet, for how long. */
export function Until({ locale, of }: Pick<Console, 'locale'> & { readonly of: Override }) {
  if (of.until !== null) return <At locale={locale} at={of.until} />
  return adminTexts(locale)('override.lasts', { minutes: minutesOf(of) })
}

type Row = readonly [string, ReactNode]

/** Everything that is known of one, in the order in which it happened. */
export function OverrideFacts({
  locale,
  go,
  of,
}: Pick<Console, 'locale' | 'go'> & { readonly of: Override }) {
  const t = adminTexts(locale)
  const actors = [of.askedBy, of.decidedBy, of.endedBy].map(accountOf)
  const names = useNames([personOf(of.subject), ...actors])
  const who = (actor: string) => <Who key={actor} locale={locale} go={go} actor={actor} names={names} />
  const at = (moment: string | null) => <At key={moment} locale={locale} at={moment} />
  const rows: Row[] = [
    [t('override.whom'), <Named key="whom" locale={locale} go={go} one={of.subject} names={names} />],
    [t('override.what'), <What key="what" locale={locale} of={of} />],
    ...(of.kind === 'emergency'
      ? []
      : [[t('override.on'), of.resource === null ? t('override.all') : nameOf(of.resource)] as const]),
    [t('override.until'), <Until key="until" locale={locale} of={of} />],
    [t('override.reason'), of.reason],
    [t(of.kind === 'deny' ? 'override.madeBy' : 'override.askedBy'), who(of.askedBy)],
    [t('override.askedAt'), at(of.askedAt)],
    ...underRows(),
    ...(of.state === 'asked' ? [[t('override.decideBy'), at(of.decideBy)] as const] : []),
    ...decidedRows(),
    ...endedRows(),
    ...(of.isAlone ? [[t('version.how'), t('override.alone')] as const] : []),
  ]
  return <Facts rows={rows} />

  /** Any of them is shown where overrides are. */
  function underRows(): Row[] {
    if (of.askedUnder === null) return []
    const see = (
      <Go key="under" to={`/admin/overrides/${of.askedUnder}`} go={go}>
        {t('override.under.see')}
      </Go>
    )
    return [[t('override.under', { kind: of.kind }), see]]
  }

  function decidedRows(): Row[] {
    if (of.decidedBy === null || of.kind === 'deny') return []
    return [
      [t('override.decidedBy'), who(of.decidedBy)],
      [t('override.decidedAt'), at(of.decidedAt)],
      ...(of.decidedWhy === null ? [] : [[t('override.decidedWhy'), of.decidedWhy] as const]),
    ]
  }

  function endedRows(): Row[] {
    if (of.endedBy === null) return []
    // What was ended was the loan, and its own page says by whom.
    if (hasFallen(of)) return [[t('override.fellAt'), at(of.endedAt)]]
    return [
      [t('override.endedBy'), who(of.endedBy)],
      [t('override.endedAt'), at(of.endedAt)],
      ...(of.endedWhy === null ? [] : [[t('override.endedWhy'), of.endedWhy] as const]),
    ]
  }
}
