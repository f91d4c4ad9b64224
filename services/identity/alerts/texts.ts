/** What an alert says where it is mailed or written into a chat: what and how grave, never who, and the way to the console. */
import type { Alert, AlertKind, Severity } from './schema.ts'

type Locale = 'is' | 'en'

const kinds: Readonly<Record<Locale, Readonly<Record<AlertKind, string>>>> = {
  en: {
    'unusual-sign-in': 'A sign-in that looks unusual',
    'blocked-sign-in': 'A sign-in was refused because it looked dangerous',
    'breached-password': 'A password in use has been in a breach',
    'refresh-reuse': 'A refresh token was used twice',
    'many-tries': 'One account is being guessed at',
    'many-accounts': 'Many accounts are being tried from one network',
    'mail-held-back': 'Somebody is not reached by mail any more',
    'emergency-access': 'Somebody has asked for emergency access, or has it',
    'account-paused': 'Somebody has to wait after too many wrong tries at one account',
    'factor-shut': 'A factor is shut after too many wrong tries in a row',
  },
  is: {
    'unusual-sign-in': 'Óvenjuleg innskráning',
    'blocked-sign-in': 'Innskráningu var hafnað því hún virtist hættuleg',
    'breached-password': 'Lykilorð í notkun hefur lekið annars staðar',
    'refresh-reuse': 'Endurnýjunartóki var notaður tvisvar',
    'many-tries': 'Verið er að giska á einn aðgang',
    'many-accounts': 'Margir aðgangar eru reyndir frá einu neti',
    'mail-held-back': 'Tölvupóstur berst ekki lengur til notanda',
    'emergency-access': 'Beðið hefur verið um neyðaraðgang eða einhver hefur hann',
    'account-paused': 'Bið eftir of margar rangar tilraunir við einn aðgang',
    'factor-shut': 'Auðkenningu er lokað eftir of margar rangar tilraunir í röð',
  },
}

const severities: Readonly<Record<Locale, Readonly<Record<Severity, string>>>> = {
  en: { low: 'low', medium: 'medium', high: 'high' },
  is: { low: 'lág', medium: 'miðlungs', high: 'há' },
}

interface Letter {
  readonly organisation: string
  /** The alert, or all of them, in the console. */
  readonly link: string
}

/** One line. Whose account it is, is said only behind the console's door. */
export function alertLine(locale: Locale, alert: Alert, { organisation, link }: Letter): string {
  const from = alert.network === null ? '' : ` (${alert.network})`
  const severity = severities[locale][alert.severity]
  const grave = locale === 'en' ? `severity ${severity}` : `alvarleiki ${severity}`
  return `${organisation}: ${kinds[locale][alert.kind]}${from}, ${grave}. ${link}`
}

/** One line in place of those that would have been too many. The number stands last: no word has to agree with it. */
export function untoldLine(locale: Locale, count: number, { organisation, link }: Letter): string {
  const said =
    locale === 'en'
      ? `Security alerts that were not told here, because there were too many within an hour: ${count}.`
      : `Öryggisviðvaranir sem voru ekki sendar hingað því of margar bárust á einni klukkustund: ${count}.`
  return `${organisation}: ${said} ${link}`
}

export function untoldMail(locale: Locale, count: number, letter: Letter): { subject: string; text: string } {
  const subject = locale === 'en' ? 'Too many security alerts' : 'Of margar öryggisviðvaranir'
  return { subject: `${subject} · ${letter.organisation}`, text: `${untoldLine(locale, count, letter)}\n` }
}

export function alertMail(locale: Locale, alert: Alert, letter: Letter): { subject: string; text: string } {
  const more =
    locale === 'en'
      ? 'Look at it in the console, do what is needed, and write there why it is settled.'
      : 'Skoðaðu hana í stjórnborðinu, gerðu það sem þarf og skrifaðu þar hvers vegna henni er lokið.'
  return {
    subject: `${kinds[locale][alert.kind]} · ${letter.organisation}`,
    text: `${alertLine(locale, alert, letter)}\n\n${more}\n`,
  }
}
