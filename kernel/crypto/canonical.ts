/**
 * RFC 8785 (JSON Canonicalization Scheme): one value, one text, so that hashes and signatures agree everywhere.
 * ECMAScript's own number and string forms are what the RFC asks for; only the order of keys and the refusals are ours.
 * Browser-safe.
 */

/** Refuses what JSON cannot carry (undefined, functions, NaN, lone surrogates) instead of dropping it in silence. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return stringText(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return numberText(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (isPlain(value)) return objectText(value)
  throw new TypeError(`Not a JSON value: ${typeof value}`)
}

/** RFC 8785 section 3.2.2.3: the shortest form that reads back the same, which is JavaScript's. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('Not a JSON number')
  return JSON.stringify(value)
}

/** Section 3.2.2.2: lone surrogates are an error. What needs no escape, which is nearly everything, is not looked at twice. */
function stringText(value: string): string {
  if (plain.test(value)) return `"${value}"`
  if (!value.isWellFormed()) throw new TypeError('Text with a lone surrogate')
  return JSON.stringify(value)
}
/** ASCII that can be printed, but for the quotation mark and the backslash. */
const plain = /^[ !#-[\]-~]*$/

/** Section 3.2.3: keys in the order of their UTF-16 code units, which is what plain sort does. */
function objectText(value: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const key of Object.keys(value).sort())
    text += `${text === '' ? '' : ','}${stringText(key)}:${canonicalJson(value[key])}`
  return `{${text}}`
}

/** Dates, maps and class instances would lose their meaning; the caller must say what they are as JSON. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
