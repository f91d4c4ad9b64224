/**
 * What nobody may read in a log does not get into it: a value whose name says that it is a secret, or the number by which a state knows a
 * person. That it was there, and under which name, is said; such a decision cannot be made again.
 */
import type { Seen } from '../known.ts'

/** In words: `accessToken`, `access_token` and `ACCESS-TOKEN` are the same two. A name that has these words beside each other is one of them. */
const usual = [
  'token',
  'jwt',
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'credential',
  'credentials',
  'authorization',
  'cookie',
  'api key',
  'apikey',
  'private key',
  'pin',
  'otp',
  'kennitala',
  'national id',
  'nationalid',
  'national identifier',
  'social security',
  'ssn',
  'personnummer',
  'passport',
  'iban',
  'card number',
  'cvv',
]

export type Redact = (seen: Seen) => Seen

/** @param more names beside the usual ones, as the operator writes them */
export function createRedaction(more: readonly string[]): Redact {
  const names = [...usual, ...more].map((name) => ` ${wordsOf(name)}`)
  const isHidden = remembered((name) => {
    const words = ` ${wordsOf(name)} `
    return names.some((one) => words.includes(`${one} `) || words.includes(`${one}s `))
  })

  function record(of: Readonly<Record<string, unknown>>, place: string, found: string[]): typeof of {
    const kept = Object.entries(of).flatMap(([name, value]) => {
      const here = `${place}.${name}`
      if (isHidden(name)) return (found.push(here), [])
      return [[name, within(value, here, found)] as const]
    })
    return Object.fromEntries(kept)
  }

  function within(value: unknown, place: string, found: string[]): unknown {
    if (Array.isArray(value)) return value.map((one) => within(one, place, found))
    if (typeof value !== 'object' || value === null) return value
    return record(value as Readonly<Record<string, unknown>>, place, found)
  }

  /** Looked for before anything is made anew: in nearly all of them nothing is hidden. */
  function hides(value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false
    if (Array.isArray(value)) return value.some(hides)
    for (const name in value)
      if (isHidden(name) || hides((value as Readonly<Record<string, unknown>>)[name])) return true
    return false
  }

  return (seen) => {
    if (!hides(seen.context) && !seen.entities.some(({ attributes }) => hides(attributes))) return seen
    const found: string[] = []
    const entities = seen.entities.map((one) => ({
      ...one,
      attributes: record(one.attributes, one.type, found),
    }))
    const context = record(seen.context, 'context', found)
    return { entities, context, redacted: [...new Set(found)].sort() }
  }
}

/** The names of one organisation are few and come with every decision; what a stranger makes up must not fill the memory. */
function remembered(judge: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    if (known.size >= 10_000) known.clear()
    const judged = judge(name)
    known.set(name, judged)
    return judged
  }
}

/** `nationalId`, `national_id` → `national id`. */
const wordsOf = (name: string): string =>
  name
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join(' ')
