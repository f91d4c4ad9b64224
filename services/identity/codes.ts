/** Codes as people write them, for recovery and on paper: four groups of four, without the letters that look like digits (Crockford's alphabet). */
import type { Chance } from '@althing/kernel/context'

/** Sixteen characters of 32: 80 bits. */
const codeBytes = 10

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** @returns `x7d2-9kqm-…` */
export function newCode(chance: Chance): string {
  const bits = [...chance.bytes(codeBytes)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)])
  return (letters.join('').match(/.{4}/g) ?? []).join('-')
}

/** A code of an application has six digits, and people write them with spaces. */
export const isLongCode = (text: string): boolean => readCode(text).length > 8

/** Spaces, dashes and capitals do not matter, and what looks alike is alike. */
export const readCode = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1')
