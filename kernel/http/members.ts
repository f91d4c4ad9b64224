/**
 * An object as what it says by name, whatever its names: zod's own record leaves `__proto__` out without a word, and what was not read cannot
 * be denied. Nothing is copied, so that what is under each name is what was read.
 */
import { z } from 'zod'

interface Bounds {
  /** Of a name, in UTF-16 code units. */
  readonly shortest?: number
  readonly longest?: number
  /** How many names. */
  readonly most?: number
}

export function members({ shortest = 0, longest = Infinity, most = Infinity }: Bounds = {}) {
  return z
    .custom<Record<string, unknown>>(isObject, 'must be an object')
    .superRefine((given, context) => {
      const names = Object.keys(given)
      if (names.length > most) context.addIssue(`must have ${most} names at most`)
      for (const name of names)
        if (name.length < shortest || name.length > longest)
          context.addIssue({
            code: 'custom',
            path: [name],
            message: `must have a name of ${shortest} to ${longest} characters`,
          })
    })
    .meta({ type: 'object' })
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
