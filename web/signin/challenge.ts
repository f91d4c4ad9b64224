/** The widget by which a browser shows that it is one, in the form that asks for it, and what to do where it does not come up. */
import { attributes, html } from '@althing/web-ui/html.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notice } from '@althing/web-ui/parts.ts'
import type { Challenge, ChallengeProblem } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

/** The script finds the box by its class and puts its answer into the form around it, under a name of its own. */
export function challengeBox(locale: Locale, challenge: Challenge | undefined): Html | undefined {
  if (challenge === undefined) return undefined
  const { siteKey, action, script } = challenge
  const box = attributes({
    class: 'cf-turnstile',
    'data-sitekey': siteKey,
    'data-action': action,
    // It speaks no Icelandic; then it takes the browser's own language.
    'data-language': locale === 'en' ? 'en' : 'auto',
    'data-size': 'flexible',
  })
  return html`<div${box}></div>
    <noscript><p class="notice">${signinTexts(locale)('challenge.noscript')}</p></noscript>
    <script${attributes({ src: script, async: true, defer: true })}></script>`
}

export function isChallengeProblem(problem: string | undefined): problem is ChallengeProblem {
  return problem === 'attestation' || problem === 'attestation_away'
}

export function challengeNotice(locale: Locale, problem: ChallengeProblem): Html {
  const t = signinTexts(locale)
  const which = problem === 'attestation' ? 'challenge.refused' : 'challenge.away'
  return notice(locale, 'stop', t(which), t(`${which}.title`))
}
