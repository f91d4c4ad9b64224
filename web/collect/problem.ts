import { Refused, Unanswered } from '@althing/web-ui/dom/http.ts'
import { faultTitle } from '@althing/web-ui/faults.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { collectTexts } from './collect-texts.ts'
import { Doubtful, type Doubt } from './collecting.ts'

export interface Problem {
  readonly kind: Doubt | 'offline' | 'signin' | 'storage' | 'unsupported' | 'refused'
  readonly say: (locale: Locale) => string
}

/** Every way in which it can fail, as a sentence that says what to do next. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Doubtful)
    return said(error.doubt, error.doubt === 'elsewhere' ? 'elsewhere.text' : `fail.${error.doubt}`)
  if (error instanceof Unanswered) return said('offline', 'fail.offline')
  if (error instanceof Refused && error.status === 401) return said('signin', 'fail.signin')
  if (error instanceof Refused)
    return { kind: 'refused', say: (locale) => faultTitle(locale, error.code, error.message) }
  // IndexedDB speaks in exceptions of the browser; a missing algorithm does too.
  if (error instanceof DOMException && error.name === 'NotSupportedError')
    return said('unsupported', 'fail.unsupported')
  return said('storage', 'fail.storage')
}

const said = (kind: Problem['kind'], key: (typeof collectTexts.keys)[number]): Problem => ({
  kind,
  say: (locale) => collectTexts(locale)(key),
})
