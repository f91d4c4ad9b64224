/** @jsxImportSource preact */
import type { PublicElection } from '@althing/elections/contract'
import { createFormats } from '@althing/web-ui/format.ts'
import { Clock, Pill } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { Tone } from '@althing/web-ui/parts.ts'
import type { z } from 'zod'
import { boothTexts } from './booth-texts.ts'

export type Shown = z.output<typeof PublicElection>

const states = {
  draft: ['info', 'coming'],
  published: ['info', 'coming'],
  open: ['go', 'open'],
  paused: ['wait', 'paused'],
  closed: ['plain', 'closed'],
  tallied: ['plain', 'tallied'],
  archived: ['plain', 'tallied'],
  cancelled: ['plain', 'cancelled'],
} as const satisfies Record<Shown['status'], readonly [Tone, string]>

export function StatePill({ locale, status }: { readonly locale: Locale; readonly status: Shown['status'] }) {
  const [tone, word] = states[status]
  return <Pill tone={tone}>{boothTexts(locale)(`state.${word}`)}</Pill>
}

interface TimesProps {
  readonly locale: Locale
  readonly election: Shown
  readonly now: () => Date
  readonly onOver?: () => void
}

/** When it begins, how long is left, or when it ended. */
export function Times({ locale, election, now, onOver }: TimesProps) {
  const t = boothTexts(locale)
  const formats = createFormats(locale)
  const { status, scheduled_start: start, scheduled_end: end } = election
  if (status === 'draft' || status === 'published')
    return <>{start === null ? t('opens.unknown') : t('opens', { at: formats.exact(new Date(start)) })}</>
  if (status === 'open' || status === 'paused')
    return end === null ? (
      <>{t('closes.unknown')}</>
    ) : (
      <Clock locale={locale} until={new Date(end)} now={now} {...(onOver && { onOver })} />
    )
  return <>{end === null ? '' : t('closed.at', { at: formats.exact(new Date(end)) })}</>
}

export function TurnoutWords({ locale, election }: { readonly locale: Locale; readonly election: Shown }) {
  const { entitled, voted, exact } = election.turnout
  if (entitled === null || (voted === 0 && !exact)) return null
  return <>{boothTexts(locale)(exact ? 'turnout' : 'turnout.some', { voted, entitled })}</>
}
