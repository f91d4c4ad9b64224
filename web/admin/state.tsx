import type { AdminElection } from '@althing/elections/contract'
import { createFormats } from '@althing/web-ui/format.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { Tone } from '@althing/web-ui/parts.ts'
import { adminTexts } from './admin-texts.ts'
import { Pill } from './parts.tsx'

const tones = {
  draft: 'plain',
  published: 'info',
  open: 'go',
  paused: 'wait',
  closed: 'plain',
  tallied: 'info',
  archived: 'plain',
  cancelled: 'stop',
} as const satisfies Record<AdminElection['status'], Tone>

export function State({ locale, election }: { readonly locale: Locale; readonly election: AdminElection }) {
  const t = adminTexts(locale)
  const isPending = election.publication === 'pending'
  return (
    <span className="row">
      <Pill tone={isPending ? 'wait' : tones[election.status]}>
        {t(isPending ? 'state.pending' : `state.${election.status}`)}
      </Pill>
      {election.hidden && <Pill tone="wait">{t('hidden')}</Pill>}
    </span>
  )
}

export function turnoutWords(locale: Locale, { turnout }: AdminElection): string {
  const { voted, entitled } = turnout
  return entitled === null ? '' : adminTexts(locale)('turnout.of', { voted, entitled })
}

/** To the second, where many things happen within one minute. */
export function AtSecond({ locale, at }: { readonly locale: Locale; readonly at: string }) {
  const formats = createFormats(locale)
  const seconds = `:${String(new Date(at).getUTCSeconds()).padStart(2, '0')}`
  const words = `${formats.dateTime(new Date(at))}${seconds}`
  return (
    <time dateTime={at} title={`${words} ${formats.zone()}`}>
      {words}
    </time>
  )
}

export function At({ locale, at }: { readonly locale: Locale; readonly at: string | null }) {
  if (at === null) return null
  const formats = createFormats(locale)
  return (
    <time dateTime={at} title={formats.exact(new Date(at))}>
      {formats.dateTime(new Date(at))}
    </time>
  )
}
