/**
 * The Icelandic national id: date of birth (companies: day + 40), two running digits, a check digit, the century. A wrong check
 * digit warns and never refuses: numbers given out since 18 February 2026 carry none. Temporary numbers (first digit 8 or 9)
 * hold no date at all.
 */
export type KennitalaProblem =
  | 'kennitala_missing'
  | 'kennitala_nine_digits'
  | 'kennitala_length'
  | 'kennitala_characters'
  | 'kennitala_date'
  | 'kennitala_century'

export type KennitalaReading =
  | { readonly kind: 'wrong'; readonly code: KennitalaProblem }
  | { readonly kind: 'kennitala'; readonly kennitala: string; readonly facts: KennitalaFacts }

export interface KennitalaFacts {
  /** False: worth a second look, no more. */
  readonly checkDigit: boolean
  readonly isCompany: boolean
  readonly isTemporary: boolean
  /** Test persons of the national register begin with 9999. */
  readonly isTest: boolean
  /** The text held dashes or spaces. */
  readonly wasWritten: boolean
}

const centuries: Readonly<Record<string, number>> = { '8': 1800, '9': 1900, '0': 2000 }

export function readKennitala(text: string): KennitalaReading {
  const kennitala = text.replaceAll(/[-\s\u2010-\u2015]/g, '')
  if (kennitala === '') return { kind: 'wrong', code: 'kennitala_missing' }
  if (!/^[0-9]+$/.test(kennitala)) return { kind: 'wrong', code: 'kennitala_characters' }
  // Spreadsheets take it for a number and drop the zero in front. Guessing it back could name somebody else.
  if (kennitala.length === 9) return { kind: 'wrong', code: 'kennitala_nine_digits' }
  if (kennitala.length !== 10) return { kind: 'wrong', code: 'kennitala_length' }
  const facts = {
    checkDigit: hasCheckDigit(kennitala),
    isCompany: /^[4-7]/.test(kennitala),
    isTemporary: /^[89]/.test(kennitala),
    isTest: kennitala.startsWith('9999'),
    wasWritten: kennitala !== text,
  }
  if (!facts.isTemporary) {
    const century = centuries[kennitala.charAt(9)]
    if (century === undefined) return { kind: 'wrong', code: 'kennitala_century' }
    if (!isDate(kennitala, century)) return { kind: 'wrong', code: 'kennitala_date' }
  }
  return { kind: 'kennitala', kennitala, facts }
}

/** The birthday that it holds, as YYYY-MM-DD; null for companies, whom nobody bore, and for temporary numbers, which hold none. */
export function bornOn(kennitala: string, { isCompany, isTemporary }: KennitalaFacts): string | null {
  if (isCompany || isTemporary) return null
  const century = (centuries[kennitala.charAt(9)] ?? 0) / 100
  return `${century}${kennitala.slice(4, 6)}-${kennitala.slice(2, 4)}-${kennitala.slice(0, 2)}`
}

function isDate(kennitala: string, century: number): boolean {
  const number = (from: number) => Number(kennitala.slice(from, from + 2))
  const day = number(0) > 40 ? number(0) - 40 : number(0)
  const date = new Date(Date.UTC(century + number(4), number(2) - 1, day))
  return date.getUTCDate() === day && date.getUTCMonth() === number(2) - 1
}

/** Modulus 11 over the first eight digits; a remainder that would give 10 is given to nobody. */
function hasCheckDigit(kennitala: string): boolean {
  const weights = [3, 2, 7, 6, 5, 4, 3, 2]
  const sum = weights.reduce((total, weight, place) => total + weight * Number(kennitala[place]), 0)
  const check = (11 - (sum % 11)) % 11
  return check === Number(kennitala[8])
}

/** First six digits, then stars: enough for its owner to know it, too little for anybody else. */
export const maskKennitala = (kennitala: string): string => `${kennitala.slice(0, 6)}****`
