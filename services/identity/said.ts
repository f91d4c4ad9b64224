/**
 * What a page says of what was done or was wrong, and what was written on it. It is sealed: nobody reads there what somebody wrote, and
 * nobody is led to a page that says what we did not say. It opens in the browser that it was sealed for, on that page, for a quarter of an
 * hour; and what was sealed for whoever is signed in, for nobody who signs in there after them. In a cookie it comes along with a redirect,
 * and is said once; in the address it is for the same page in another language or other colours. Passwords and codes are never among it.
 */
import {
  fromBase64url,
  fromUtf8,
  openBox,
  sealBox,
  toBase64url,
  utf8,
  type RandomSource,
} from '@althing/kernel/crypto'

export interface Said<Problem = unknown, Done = string> {
  readonly problem?: Problem | undefined
  readonly done?: Done | undefined
  readonly values?: Readonly<Record<string, string>>
}

/** The browser, by what binds its forms to it, and who is signed in there where the word is for them alone. */
export interface Reader {
  readonly csrf: string
  readonly account?: string | undefined
}

interface Needs {
  readonly key: Uint8Array
  readonly chance: RandomSource
  readonly now: () => Date
}

const keptMs = 15 * 60_000

/** What no right answer reaches; the rest of a wrong one has no room in an address. */
const longest = 300

/** Of all that was written, in bytes: sealed and in an address it must get past every server on the way. */
const most = 3000

/** Fields that are no secret. What is not named here is forgotten. */
const kept: readonly string[] = [
  'identifier',
  'name',
  'email',
  'guardian_email',
  'birth_date',
  'phone',
  'locale',
  'terms',
  'marketing',
]

export function createSaid({ key, chance, now }: Needs) {
  const place = (pathname: string, { csrf, account }: Reader) =>
    utf8(JSON.stringify([pathname, csrf, ...(account === undefined ? [] : [account])]))
  return {
    /** @returns nothing when nothing was said and nothing written */
    seal(pathname: string, reader: Reader, { problem, done, values = {} }: Said): string | undefined {
      const written = fitting(
        Object.entries(values)
          .filter(([name]) => kept.includes(name))
          .map(([name, value]) => [name, value.slice(0, longest)] as const),
      )
      if ((problem ?? done) === undefined && written.every(([, value]) => value === '')) return undefined
      const whole = { problem, done, values: Object.fromEntries(written), at: now().getTime() }
      return toBase64url(sealBox(key, utf8(JSON.stringify(whole)), place(pathname, reader), chance))
    },

    open(pathname: string, reader: Reader, text: string | undefined): Said {
      const box = text === undefined ? null : bytesOf(text)
      const whole = box === null ? null : openBox(key, box, place(pathname, reader))
      if (whole === null) return {}
      const { at, ...said } = JSON.parse(fromUtf8(whole)) as Said & { readonly at: number }
      return now().getTime() - at > keptMs ? {} : said
    },
  }
}
export type SaidBox = ReturnType<typeof createSaid>

type Written = readonly (readonly [name: string, value: string])[]

/** The longest is forgotten first, until there is room for the rest. */
function fitting(written: Written): Written {
  if (utf8(JSON.stringify(written)).length <= most) return written
  const length = Math.max(...written.map(([, value]) => value.length))
  return fitting(written.filter(([, value]) => value.length < length))
}

/** What is in the fields of a form. A box that is not ticked is no value. */
export const writtenIn = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((one): one is [string, string] => one[1] !== undefined))

function bytesOf(text: string): Uint8Array | null {
  try {
    return fromBase64url(text)
  } catch {
    return null
  }
}
