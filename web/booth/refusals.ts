import type { Locale } from '@althing/web-ui/locale.ts'
import { boothTexts } from './booth-texts.ts'
import type { Outcome } from './casting.ts'

type Key = Extract<(typeof boothTexts.keys)[number], `refused.${string}`>

/** The box's refusals by their code: what each means for the person who holds the ballot. */
const refusals: Readonly<Record<string, Key>> = {
  'elections.ballots.unknown': 'refused.foreign',
  'elections.ballots.not_open': 'refused.notOpen',
  'elections.ballots.paused': 'refused.paused',
  'elections.ballots.closed': 'refused.closed',
  'elections.ballots.tallied': 'refused.closed',
  'elections.ballots.cancelled': 'refused.cancelled',
  'elections.ballots.malformed': 'refused.paper',
  'elections.ballots.unsealable': 'refused.paper',
  'elections.ballots.unknown_place': 'refused.paper',
  'elections.ballots.forged': 'refused.ticket',
  'elections.ballots.resigned': 'refused.ticket',
  'elections.ballots.foreign': 'refused.foreign',
  'elections.ballots.other_place': 'refused.foreign',
}

/** A second line when the first attempt got no answer, or when only the code can help. */
export function refusalText(locale: Locale, { code, place }: Extract<Outcome, { kind: 'refused' }>) {
  const t = boothTexts(locale)
  const key = refusals[code]
  const doubt = place.waiting === null ? null : t('refused.doubt')
  return { text: t(key ?? 'refused.other'), more: key === undefined ? code : doubt }
}
