/** What is weaker than decided, and what is promised that nobody carries. Each is said in words on the page; here is when. */
import type { Warning, Weighed } from './schema.ts'

/** OWASP and NIST SP 800-63B-4, as decided: a smaller number is weaker, or a larger one is. */
const least = { passwordMinimum: 12, passwordMemoryKib: 19_456, passwordPasses: 2, lockMinutes: 15 } as const
const most = {
  lockAfter: 5,
  shutAfter: 100,
  signInPerAccount: 10,
  sessionIdleMinutes: 30,
  administratorIdleMinutes: 15,
  sessionMinutes: 480,
  rememberDays: 30,
  freshMinutes: 15,
} as const

export function warningsOf(values: Weighed): Warning[] {
  return [...uncarried(values), ...weakened(values), ...unfinished(values)]
}

/** Factors that people are told of, and that reach nobody. */
function uncarried(values: Weighed): Warning[] {
  const { codesByMail, codesBySms, hasMail, hasSms, preset } = values
  const isOffered = preset !== 'nist-aal3'
  const texts = isOffered && codesBySms === 'on' && hasSms
  return said([
    ['mail-uncarried', !hasMail],
    ['sms-uncarried', isOffered && codesBySms === 'on' && !hasSms],
    // A link and a code by mail go to one mailbox: whoever comes by a link is not asked for such a code, and has no other.
    ['link-has-no-code', isOffered && codesByMail === 'on' && hasMail && !texts],
  ])
}

function weakened(values: Weighed): Warning[] {
  const low = (Object.keys(least) as (keyof typeof least)[]).filter((name) => values[name] < least[name])
  const high = (Object.keys(most) as (keyof typeof most)[]).filter((name) => values[name] > most[name])
  return [
    ...low.map((name) => ({
      kind: 'below' as const,
      setting: name,
      value: values[name],
      decided: least[name],
    })),
    ...high.map((name) => ({
      kind: 'above' as const,
      setting: name,
      value: values[name],
      decided: most[name],
    })),
    ...said([
      ['breaches-unasked', values.breachUrl === ''],
      ['risk-off', values.riskPolicy === 'off'],
      ['open-door', values.registration === 'open'],
      ['outside-tokens', values.trustsOthers],
    ]),
  ]
}

function unfinished({ url, mailFrom, hasTexts, isMailbox }: Weighed): Warning[] {
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
  return said([
    ['open-mailbox', isMailbox],
    ['not-encrypted', !url.startsWith('https://') && !isHere],
    ['sender-unset', mailFrom.endsWith('.localdomain')],
    ['texts-missing', !hasTexts],
  ])
}

type Plain = Exclude<Warning['kind'], 'below' | 'above'>

const said = (all: readonly (readonly [kind: Plain, holds: boolean])[]): Warning[] =>
  all.filter(([, holds]) => holds).map(([kind]) => ({ kind, setting: null, value: null, decided: null }))
