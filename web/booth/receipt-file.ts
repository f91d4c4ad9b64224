import type { Receipt } from '@althing/elections/contract'
import { sayOne } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { boothTexts } from './booth-texts.ts'
import type { Shown } from './state-pill.tsx'

/** The receipt as a text to keep: all that is needed to check it anywhere, and nothing of what was chosen. No time stands in it. */
export function receiptFile(locale: Locale, shown: Shown, receipt: Receipt, address: string): string {
  const t = boothTexts(locale)
  const lines = [
    t('receipt.file'),
    '',
    `${t('receipt.file.election')}: ${sayOne(shown.title, locale)}`,
    `${t('receipt.file.words')}: ${receipt.words.join(' ')}`,
    `${t('receipt.file.leaf')}: ${receipt.leaf}`,
    `${t('receipt.file.check')}: ${address}`,
    '',
    `${t('receipt.file.note')}:`,
    receipt.note,
  ]
  return lines.join('\n')
}
