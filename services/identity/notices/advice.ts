/** How a letter ends: what to do when it was somebody else, where to look, or whom to ask. */
import { emergencyIn, overrideIn } from '../lent-details.ts'
import type { NoticeKind } from './schema.ts'

type Locale = 'is' | 'en'
type Asked = 'ask' | 'askAndSignIn'
type Page = 'ifNotYou' | 'always' | 'office' | 'own' | 'console' | 'request' | 'toDecide' | 'override'
type Way = Page | Asked

/** What to do. A password in a breach is not safe whoever was here. */
const advice: Readonly<Record<Locale, Readonly<Record<Page, string>>>> = {
  en: {
    ifNotYou: `If it was you, there is nothing you need to do.
If it was not you, choose another password at once; that signs everybody out:`,
    always: 'Choose another password now; that signs everybody out:',
    office: 'If you did not expect it, ask the office. What you may do is on the page of your account:',
    own: 'Who decided so, and why, is on the page of your account:',
    console: 'Whoever looks after the house is told of it. Look at it in the console:',
    request: 'What was said of it is in the console:',
    toDecide: 'Who asks, for whom and why, is in the console:',
    override: 'Who did it, and why, is in the console:',
  },
  is: {
    ifNotYou: `Ef það varst þú þarftu ekkert að gera.
Ef það varst ekki þú skaltu velja nýtt lykilorð strax; við það eru allir skráðir út:`,
    always: 'Veldu nýtt lykilorð núna; við það eru allir skráðir út:',
    office:
      'Ef þú áttir ekki von á þessu skaltu spyrja skrifstofuna. Það sem þú mátt gera sést á síðunni um aðganginn þinn:',
    own: 'Hver ákvað það og hvers vegna sést á síðunni um aðganginn þinn:',
    console: 'Öll sem hafa umsjón með kerfinu fá að vita af þessu. Skoðaðu það í stjórnborðinu:',
    request: 'Það sem sagt var um þetta sést í stjórnborðinu:',
    toDecide: 'Hver biður um þetta, fyrir hvern og hvers vegna sést í stjórnborðinu:',
    override: 'Hver gerði það og hvers vegna sést í stjórnborðinu:',
  },
}

/** A breach is one whoever was here; what the office did is asked of the office. */
const ways: Readonly<Partial<Record<NoticeKind, Way>>> = {
  'password-breached': 'always',
  'roles-changed': 'office',
  'emergency-given': 'request',
  'emergency-refused': 'request',
  'emergency-ended': 'office',
  'emergency-taken-back': 'request',
  'emergency-fell': 'office',
  'emergency-asked-by': 'console',
  'emergency-given-to': 'console',
  'emergency-refused-to': 'console',
  'emergency-ended-of': 'console',
  'emergency-taken-back-by': 'console',
  'emergency-fell-of': 'console',
  'factors-reset': 'askAndSignIn',
  'account-suspended': 'ask',
  'account-banned': 'ask',
  'account-reinstated': 'askAndSignIn',
  'override-denied': 'own',
  'override-denial-ended': 'ask',
  'override-given': 'own',
  'override-given-ended': 'ask',
  'override-asked': 'toDecide',
  'override-agreed': 'override',
  'override-refused': 'override',
  'override-called-off': 'override',
  'override-over': 'override',
  'override-fell': 'override',
  'override-lapsed': 'override',
}

/** Whoever may not look in the console has the whole answer in the letter, and no link to a page that is shut to them. */
function wayOf(kind: NoticeKind, detail: string): Way {
  const way = ways[kind] ?? 'ifNotYou'
  return way === 'override' && overrideIn(detail).answer !== null ? 'ask' : way
}

const paths = {
  ifNotYou: 'recover',
  always: 'recover',
  office: 'account',
  own: 'account',
  ask: 'sign-in',
  askAndSignIn: 'sign-in',
} as const

/** Where the letter leads to. */
export function pathFor(kind: NoticeKind, detail: string): string {
  const way = wayOf(kind, detail)
  if (way === 'override' || way === 'toDecide') return within('admin/overrides', overrideIn(detail))
  if (way === 'request' || way === 'console') return within('admin/emergency', emergencyIn(detail))
  return paths[way]
}

/** The version before said of emergency access not which it is: then to the list of them. */
const within = (list: string, { id }: { readonly id: string }) => (id === '' ? list : `${list}/${id}`)

interface Whom {
  readonly organisation: string
  readonly contact: string | undefined
  readonly link: string
}

export function closingOf(locale: Locale, kind: NoticeKind, detail: string, whom: Whom): string {
  const way = wayOf(kind, detail)
  if (way === 'ask') return asking(locale, whom)
  const page = `${way === 'askAndSignIn' ? asking(locale, whom) : advice[locale][way]}\n\n${whom.link}`
  return way === 'own' ? `${page}\n\n${asking(locale, whom)}` : page
}

/** Nobody who is shut out can look anywhere: the letter says whom to ask. Without an address it is whoever runs the organisation. */
function asking(locale: Locale, { organisation, contact = '' }: Whom): string {
  return locale === 'en'
    ? `If you have a question, or think that this is a mistake, ask ${contact === '' ? `the office of ${organisation}.` : `${organisation} here: ${contact}`}`
    : `Ef þú hefur spurningu eða telur þetta mistök skaltu hafa samband ${contact === '' ? `við skrifstofuna hjá ${organisation}.` : `hér (${organisation}): ${contact}`}`
}
