import { html, type Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'

/** Beside what is shown once: appears with the script that works it, which says whether it was copied. */
export function copyButton(locale: Locale, of: string): Html {
  const t = uiTexts(locale)
  return html`<button type="button" class="button button-secondary" data-copy="${of}" hidden>
      ${t('copy')}
    </button>
    <span role="status" class="soft" data-copied="${t('copied')}" data-failed="${t('copy.failed')}"></span>`
}
