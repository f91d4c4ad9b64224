import { linkButton } from '@althing/web-ui/forms.ts'
import { html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notice } from '@althing/web-ui/parts.ts'
import { accountTexts } from './account-texts.ts'

/** An application asks, and its time runs: said before anything else, with the way to the answer; nothing when nobody asks. */
export function waiting(locale: Locale, { count, href }: { count: number; href: string }): Html | null {
  if (count === 0) return null
  const t = accountTexts(locale)
  return notice(
    locale,
    'wait',
    html`${t('account.requests.text')}<br />${linkButton(t('account.requests.link', { count }), href, { kind: 'primary' })}`,
    t('account.requests.waiting', { count }),
  )
}
