import type { Complaint } from '@althing/policy/contract'
import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'

/** What is wrong with a policy, in the words of whoever reads it. */
export function complaintWords(locale: Locale, { code, values }: Complaint): string {
  const t = adminTexts(locale)
  const { nearest, path = '', expected } = values
  const told = expected === undefined ? values : { ...values, expected: expectedWords(locale, expected) }
  const words = t(`problem.${code}`, told)
  const whole = nearest === undefined ? words : `${words} ${t('problem.nearest', { nearest })}`
  return path === '' ? whole : `${path}: ${whole}`
}

const named: Readonly<Record<string, 'identifier' | 'number' | 'string'>> = {
  identifier: 'identifier',
  number: 'number',
  'string literal': 'string',
}

/** Cedar lists what might stand there: signs in backticks, and kinds of words. */
function expectedWords(locale: Locale, expected: string): string {
  const t = adminTexts(locale)
  const words = [...expected.matchAll(/`([^`]+)`|(string literal|identifier|number)/g)].map(
    ([, sign, kind = '']) => {
      const word = named[kind]
      return word === undefined ? `„${sign ?? ''}“` : t(`problem.word.${word}`)
    },
  )
  const quoted = locale === 'is' ? words : words.map((one) => one.replace('„', '“').replace(/“$/, '”'))
  const last = quoted.pop() ?? expected
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${t('problem.or')} ${last}`
}

/** Of these the sentence in English is all that there is to be told. */
export const isToldByOthers = ({ code }: Complaint): boolean =>
  code === 'cedar.other' || code === 'not-decided'
