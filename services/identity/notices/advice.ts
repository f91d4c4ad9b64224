/** How a letter ends: what to do when it was somebody else, where to look, or whom to ask. */
import { overrideIn } from './override-texts.ts'
import type { NoticeKind } from './schema.ts'

type Locale = 'is' | 'en'
type Asked = 'ask' | 'askWhat' | 'askAndSignIn'
type Way = 'ifNotYou' | 'always' | 'office' | 'console' | 'override' | Asked

/** What to do. A password in a breach is not safe whoever was here. */
const advice: Readonly<Record<Locale, Readonly<Record<Exclude<Way, Asked>, string>>>> = {
  en: {
    ifNotYou: `If it was you, there is nothing you need to do.
If it was not you, choose another password at once; that signs everybody out:`,
    always: 'Choose another password now; that signs everybody out:',
    office: 'If you did not expect it, ask the office. What you may do is on the page of your account:',
    console: 'Whoever looks after the house is told of it. Look at it in the console:',
    override: 'Who did it, and why, is in the console:',
  },
  is: {
    ifNotYou: `Ef það varst þú þarftu ekkert að gera.
Ef það varst ekki þú skaltu velja nýtt lykilorð strax; við það eru allir skráðir út:`,
    always: 'Veldu nýtt lykilorð núna; við það eru allir skráðir út:',
    office:
      'Ef þú áttir ekki von á þessu skaltu spyrja skrifstofuna. Það sem þú mátt gera sést á síðunni um aðganginn þinn:',
    console: 'Öll sem hafa umsjón með kerfinu fá að vita af þessu. Skoðaðu það í stjórnborðinu:',
    override: 'Hver gerði það og hvers vegna sést í stjórnborðinu:',
  },
}

/** A breach is one whoever was here; what the office did is asked of the office. */
const ways: Readonly<Partial<Record<NoticeKind, Way>>> = {
  'password-breached': 'always',
  'roles-changed': 'office',
  'emergency-given': 'office',
  'emergency-refused': 'office',
  'emergency-ended': 'office',
  'emergency-asked-by': 'console',
  'emergency-given-to': 'console',
  'emergency-refused-to': 'console',
  'emergency-ended-of': 'console',
  'account-suspended': 'ask',
  'account-banned': 'ask',
  'account-reinstated': 'askAndSignIn',
  'override-denied': 'askWhat',
  'override-denial-ended': 'askWhat',
  'override-given': 'askWhat',
  'override-given-ended': 'askWhat',
  'override-agreed': 'override',
  'override-refused': 'override',
  'override-called-off': 'override',
  'override-over': 'override',
}
const wayOf = (kind: NoticeKind): Way => ways[kind] ?? 'ifNotYou'

const paths = {
  ifNotYou: 'recover',
  always: 'recover',
  office: 'account',
  console: 'admin',
  ask: 'sign-in',
  askWhat: 'sign-in',
  askAndSignIn: 'sign-in',
} as const

/** Where the letter leads to. */
export function pathFor(kind: NoticeKind, detail: string): string {
  const way = wayOf(kind)
  return way === 'override' ? `admin/overrides/${overrideIn(detail)}` : paths[way]
}

interface Whom {
  readonly organisation: string
  readonly contact: string | undefined
  readonly link: string
}

export function closingOf(locale: Locale, kind: NoticeKind, whom: Whom): string {
  const way = wayOf(kind)
  if (way === 'ask') return asking(locale, whom)
  if (way === 'askWhat') return `${unsaid[locale]} ${asking(locale, whom)}`
  return `${way === 'askAndSignIn' ? asking(locale, whom) : advice[locale][way]}\n\n${whom.link}`
}

const unsaid = {
  en: 'What it is, and why, is not written in a letter.',
  is: 'Hvað þetta er og hvers vegna er ekki skrifað í bréf.',
} as const

/** Nobody who is shut out can look anywhere: the letter says whom to ask. Without an address it is whoever runs the organisation. */
function asking(locale: Locale, { organisation, contact = '' }: Whom): string {
  return locale === 'en'
    ? `If you have a question, or think that this is a mistake, ask ${contact === '' ? `the office of ${organisation}.` : `${organisation} here: ${contact}`}`
    : `Ef þú hefur spurningu eða telur þetta mistök skaltu hafa samband ${contact === '' ? `við skrifstofuna hjá ${organisation}.` : `hér (${organisation}): ${contact}`}`
}
