/**
 * How a value of the register is read from what people write: an e-mail address, a telephone number, a name, a date, yes or no.
 * What is corrected on the way is said (`corrected`), so that nothing changes behind anybody's back.
 */
import { PersonName } from '@althing/identity/contract'
import { z } from 'zod'

export type Reading<T, C extends string> =
  | { readonly kind: 'value'; readonly value: T; readonly corrected: boolean }
  | { readonly kind: 'wrong'; readonly code: C }

const value = <T>(given: T, corrected = false) => ({ kind: 'value', value: given, corrected }) as const
const wrong = <C extends string>(code: C) => ({ kind: 'wrong', code }) as const

/** Seven digits are Icelandic and stored so; everything else keeps its country (A8.2). */
const foreign = /^\+[0-9]{1,3}\s?[0-9\s()-]{6,20}$/

export function readPhone(text: string): Reading<string, 'phone_unknown'> {
  const given = text.trim()
  const international = given.replace(/^00(?=[1-9])/, '+')
  const digits = international.replaceAll(/[^0-9]/g, '')
  if (/[^0-9+\s().-]/.test(given)) return wrong('phone_unknown')
  if (digits.length === 7 && !international.startsWith('+')) return value(digits, digits !== given)
  const isHome = digits.startsWith('354') && (digits.length === 10 || international.startsWith('+'))
  if (isHome) return digits.length === 10 ? value(digits.slice(3), true) : wrong('phone_unknown')
  if (!foreign.test(international) || international.length > 24) return wrong('phone_unknown')
  return value(international, international !== given)
}

/** XXX-XXXX for Icelandic numbers. */
export const showPhone = (phone: string): string =>
  phone.length === 7 ? `${phone.slice(0, 3)}-${phone.slice(3)}` : phone

const Email = z.email().max(254)

export function readEmail(text: string): Reading<string, 'email_unknown' | 'email_long'> {
  const given = text.trim()
  const email = given.toLowerCase()
  if (email.length > 254) return wrong('email_long')
  return Email.safeParse(email).success ? value(email, email !== given) : wrong('email_unknown')
}

/** By the rule that every name here is held to; spaces in a row are one. */
export function readName(text: string): Reading<string, 'name_missing' | 'name_long' | 'name_characters'> {
  const given = text.trim()
  if (given === '') return wrong('name_missing')
  const read = PersonName.safeParse(given.replaceAll(/\s+/gu, ' '))
  if (read.success) return value(read.data, read.data !== given)
  return wrong(read.error.issues.some(({ code }) => code === 'too_big') ? 'name_long' : 'name_characters')
}

/** 2020-01-31 or, as it is written in Iceland, 31.1.2020. Slashes are refused: half the world reads them the other way round. */
export function readDate(text: string): Reading<string, 'date_unknown'> {
  const given = text.trim()
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(given)
  const dotted = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(given)
  const [year, month, day] = iso?.slice(1) ?? dotted?.slice(1).reverse() ?? []
  if (year === undefined || month === undefined || day === undefined) return wrong('date_unknown')
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const isReal = date.getUTCDate() === Number(day) && Number(year) >= 1800 && Number(year) <= 2200
  if (!isReal || date.getUTCMonth() !== Number(month) - 1) return wrong('date_unknown')
  return value(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, iso === null)
}

const yes = ['yes', 'y', 'true', '1', 'já', 'ja', 'j', 'satt', 'x', 'greitt']
const no = ['no', 'n', 'false', '0', 'nei', 'ósatt', 'ógreitt']

export function readYesNo(text: string): Reading<boolean, 'yes_no_unknown'> {
  const given = text.trim().toLowerCase()
  if (yes.includes(given)) return value(true)
  return no.includes(given) ? value(false) : wrong('yes_no_unknown')
}

const active = ['active', 'virkur', 'virk', 'virkt']
const inactive = ['inactive', 'óvirkur', 'óvirk', 'óvirkt', 'hættur', 'hætt', 'left']

export function readStatus(text: string): Reading<'active' | 'inactive', 'status_unknown'> {
  const given = text.trim().toLowerCase()
  if (active.includes(given)) return value('active')
  return inactive.includes(given) ? value('inactive') : wrong('status_unknown')
}
